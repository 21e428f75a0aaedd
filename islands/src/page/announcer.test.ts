import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { element } from "../testing/page";
import { announce } from "./announcer";

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = `<div id="announcer"></div>`;
});

afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

const said = () => [...element("#announcer").children].map((sentence) => sentence.textContent);

test("a burst on one topic is one sentence", () => {
  for (const count of [1, 2, 3]) announce("selection", `${count} selected`);
  expect(said()).toEqual([]);
  vi.advanceTimersByTime(150);
  expect(said()).toEqual(["3 selected"]);
});

test("what another topic says takes nothing away", () => {
  announce("offline", "Online again");
  vi.advanceTimersByTime(200);
  announce("live", "Live updates resumed");
  expect(said()).toEqual(["Online again"]);
  vi.advanceTimersByTime(200);
  expect(said()).toEqual(["Online again", "Live updates resumed"]);
});

test("the same words again are a new element, which is read again", () => {
  announce("copy", "Copied 12");
  vi.advanceTimersByTime(200);
  const first = element("#announcer").firstElementChild;
  announce("copy", "Copied 12");
  vi.advanceTimersByTime(200);
  expect(said()).toEqual(["Copied 12"]);
  expect(element("#announcer").firstElementChild).not.toBe(first);
});

test("nothing stands for ever", () => {
  announce("copy", "Copied 12");
  vi.advanceTimersByTime(10_000);
  expect(said()).toEqual([]);
});
