import { expect, test } from "vitest";
import table from "../../../jobs/tests/listing/invisible_names.json";
import { nameError } from "./names";

test.each(table.invisible)("rejects %j, which has no visible character", (name) => {
  expect(nameError(name.trim())).toMatch(/^Enter a name/);
});

test.each(table.visible)("accepts %j", (name) => {
  expect(nameError(name)).toBeUndefined();
});
