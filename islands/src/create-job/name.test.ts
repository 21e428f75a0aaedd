import { expect, test } from "vitest";
import table from "../../../jobs/tests/invisible_names.json";
import { nameError } from "./name";

test.each(table.invisible)("refuses %j, in which nothing can be seen", (name) => {
  expect(nameError(name.trim())).toMatch(/^Enter a name/);
});

test.each(table.visible)("takes %j", (name) => {
  expect(nameError(name)).toBeUndefined();
});
