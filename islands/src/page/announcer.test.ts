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

const messages = () => [...element("#announcer").children].map((element) => element.textContent);

test("a burst on one topic is announced once", () => {
  for (const count of [1, 2, 3]) announce("selection", `${count} selected`);
  expect(messages()).toEqual([]);
  vi.advanceTimersByTime(150);
  expect(messages()).toEqual(["3 selected"]);
});

test("messages on different topics are all kept", () => {
  announce("offline", "You’re back online");
  vi.advanceTimersByTime(200);
  announce("live", "Live updates resumed");
  expect(messages()).toEqual(["You’re back online"]);
  vi.advanceTimersByTime(200);
  expect(messages()).toEqual(["You’re back online", "Live updates resumed"]);
});

test("a repeated message is a new element and is announced again", () => {
  announce("copy", "Copied 12");
  vi.advanceTimersByTime(200);
  const first = element("#announcer").firstElementChild;
  announce("copy", "Copied 12");
  vi.advanceTimersByTime(200);
  expect(messages()).toEqual(["Copied 12"]);
  expect(element("#announcer").firstElementChild).not.toBe(first);
});

test("messages expire", () => {
  announce("copy", "Copied 12");
  vi.advanceTimersByTime(10_000);
  expect(messages()).toEqual([]);
});
