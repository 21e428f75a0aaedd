import { expect, test } from "vitest";
import { list, said } from "../testing/live-list";
import { element } from "../testing/page";
import { readAnswer } from "./answer";
import { applyAround } from "./around";

function hear(attributes: string): void {
  applyAround(readAnswer(said([], attributes)));
}

test("the tabs' numbers, how many are shown and the tab's title follow", () => {
  document.body.innerHTML = list([{ id: 1 }], { pill: "data-whole" });
  hear(`data-counts="1,234 1 2 3 10,000+" data-shown="1 of 1,234 jobs" data-title="(3 failed) Jobs" data-new="0"`);
  const numbers = [...document.querySelectorAll("#status-tabs small")].map(({ textContent }) => textContent);
  expect(numbers).toEqual(["1,234", "1", "2", "3", "10,000+"]);
  expect(element(".shown").textContent).toBe("1 of 1,234 jobs");
  expect(document.title).toBe("(3 failed) Jobs");
});

test.each([
  ["1", "1 new job", "(1 new) Jobs · Job dashboard"],
  ["99+", "99+ new jobs", "(99+ new) Jobs · Job dashboard"],
])("%s new becomes a pill and leads the title", (fresh, text, title) => {
  document.body.innerHTML = list([{ id: 1 }], { pill: "data-whole" });
  hear(`data-new="${fresh}"`);
  expect(element("#new-jobs").hidden).toBe(false);
  expect(element("#new-jobs").textContent).toBe(text);
  expect(document.title).toBe(title);
  hear(`data-new="0"`);
  expect(element("#new-jobs").hidden).toBe(true);
  expect(document.title).toBe("Jobs · Job dashboard");
});

test("a title that counts already counts the new ones with them", () => {
  document.body.innerHTML = list([], { pill: "data-whole" });
  hear(`data-new="2" data-title="(3 failed) Jobs"`);
  expect(document.title).toBe("(2 new, 3 failed) Jobs");
});

test("without a place for new jobs, and without counts, all stays", () => {
  document.body.innerHTML = list([]);
  hear(`data-new="2"`);
  expect(document.title).toBe("Jobs · Job dashboard");
  expect(element("#status-tabs small").textContent).toBe("0");
});
