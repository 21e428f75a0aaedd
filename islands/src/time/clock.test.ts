import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { serverClock } from "./clock";

const MADE = Date.parse("2026-11-22T14:00:00Z");
const HOUR = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
  document.documentElement.dataset["now"] = "2026-11-22T14:00:00.000000+00:00";
});

afterEach(() => {
  vi.useRealTimers();
  delete document.documentElement.dataset["now"];
});

test.each([-3 * HOUR, 0, 400 * 24 * HOUR])("a client clock that is %d ms off is corrected", (slip) => {
  vi.setSystemTime(MADE + slip);
  const clock = serverClock();
  expect(clock()).toBe(MADE);
  vi.advanceTimersByTime(5000);
  expect(clock()).toBe(MADE + 5000);
});

test("the time since the page's arrival is added", () => {
  vi.setSystemTime(MADE + HOUR);
  vi.spyOn(performance, "now").mockReturnValue(900);
  const arrived = [{ responseStart: 200 }] as unknown as PerformanceEntryList;
  vi.spyOn(performance, "getEntriesByType").mockReturnValue(arrived);
  expect(serverClock()()).toBe(MADE + 700);
});

test("a page without a rendering time uses the client's clock", () => {
  document.documentElement.dataset["now"] = "soon";
  vi.setSystemTime(MADE + HOUR);
  expect(serverClock()()).toBe(MADE + HOUR);
});
