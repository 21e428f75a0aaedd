import { expect, test } from "vitest";
import { list, liveUpdate } from "../testing/live-list";
import { element } from "../testing/page";
import { applySummary } from "./summary";
import { parseUpdate } from "./update";

function apply(attributes: string): void {
  applySummary(parseUpdate(liveUpdate([], attributes)));
}

test("tab counts, number of jobs and title are updated", () => {
  document.body.innerHTML = list([{ id: 1 }], { pill: "data-whole" });
  apply(`data-counts="1,234 1 2 3 10,000+" data-shown="1 of 1,234 jobs" data-title="(3 failed) Jobs" data-new="0"`);
  const numbers = [...document.querySelectorAll("#status-tabs small")].map(({ textContent }) => textContent);
  expect(numbers).toEqual(["1,234", "1", "2", "3", "10,000+"]);
  expect(element(".shown").textContent).toBe("1 of 1,234 jobs");
  expect(document.title).toBe("(3 failed) Jobs");
});

test.each([
  ["1", "1 new job · Show", "(1 new) Jobs · Job dashboard"],
  ["99+", "99+ new jobs · Show", "(99+ new) Jobs · Job dashboard"],
])("%s new jobs appear in the pill and in the title", (fresh, text, title) => {
  document.body.innerHTML = list([{ id: 1 }], { pill: "data-whole" });
  apply(`data-new="${fresh}"`);
  expect(element("#new-jobs").hidden).toBe(false);
  expect(element("#new-jobs").textContent).toBe(text);
  expect(document.title).toBe(title);
  apply(`data-new="0"`);
  expect(element("#new-jobs").hidden).toBe(true);
  expect(document.title).toBe("Jobs · Job dashboard");
});

test("a title with a count gets the number of new jobs too", () => {
  document.body.innerHTML = list([], { pill: "data-whole" });
  apply(`data-new="2" data-title="(3 failed) Jobs"`);
  expect(document.title).toBe("(2 new, 3 failed) Jobs");
});

test("without a pill and counts, nothing changes", () => {
  document.body.innerHTML = list([]);
  apply(`data-new="2"`);
  expect(document.title).toBe("Jobs · Job dashboard");
  expect(element("#status-tabs small").textContent).toBe("0");
});
