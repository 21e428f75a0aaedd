import { expect, test } from "vitest";
import table from "../../../jobs/tests/listing/isolated_names.json";
import { isolate } from "./names";

test.each(table as [string, string][])("%j is isolated like on the server", (name, isolated) => {
  expect(isolate(name)).toBe(isolated);
});
