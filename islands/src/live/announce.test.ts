import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { element } from "../testing/page";
import { announceChanges } from "./announce";

let now = Date.parse("2026-11-22T10:00:00Z");

beforeEach(() => {
  now += 3_600_000;
  vi.useFakeTimers({ now });
  document.body.innerHTML = `<div id="announcer"></div>`;
});

afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

test("changes are announced together, at most every ten seconds", () => {
  announceChanges({ changed: ["1", "2"], deleted: [] }, "0");
  vi.advanceTimersByTime(200);
  expect(element("#announcer").textContent).toBe("2 jobs changed");
  element("#announcer").replaceChildren();
  announceChanges({ changed: ["3"], deleted: ["4"] }, "0");
  vi.advanceTimersByTime(3000);
  announceChanges({ changed: ["3"], deleted: [] }, "37");
  vi.advanceTimersByTime(3000);
  expect(element("#announcer").textContent).toBe("");
  vi.advanceTimersByTime(5000);
  expect(element("#announcer").textContent).toBe("1 job changed, 1 job deleted, 37 new jobs");
});

test("new jobs are announced once, and nothing without changes", () => {
  announceChanges({ changed: [], deleted: [] }, "5");
  vi.advanceTimersByTime(1000);
  expect(element("#announcer").textContent).toBe("5 new jobs");
  element("#announcer").replaceChildren();
  announceChanges({ changed: [], deleted: [] }, "5");
  announceChanges({ changed: [], deleted: [] }, "0");
  vi.advanceTimersByTime(20_000);
  expect(element("#announcer").textContent).toBe("");
});
