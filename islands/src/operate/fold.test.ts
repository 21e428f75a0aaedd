import { expect, test } from "vitest";
import { fold } from "./fold";

test.each([
  ["rene", "René"],
  ["RENE", "rene\u0301"],
  ["strasse", "Straße"],
  ["οδος", "ΟΔΟΣ"],
  ["istanbul", "İstanbul"],
  ["dunaj", "Dunaj"],
])("“%s” is %s", (typed, written) => {
  expect(fold(typed)).toBe(fold(written));
});

test("what differs in more than accents and case stays different", () => {
  expect(fold("wing")).not.toBe(fold("ring"));
});
