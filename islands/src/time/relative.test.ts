import { expect, test } from "vitest";
import { ago, duration } from "./relative";

const NOW = Date.parse("2026-11-22T14:00:00Z");
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [0, "now"],
  [999, "now"],
  [SECOND, "1 s ago"],
  [59.9 * SECOND, "59 s ago"],
  [MINUTE, "1 min ago"],
  [59.9 * MINUTE, "59 min ago"],
  [HOUR, "1 h ago"],
  [23.9 * HOUR, "23 h ago"],
  [DAY, "1 d ago"],
  [30 * DAY, "30 d ago"],
  [31 * DAY, "1 mo ago"],
  [365 * DAY, "11 mo ago"],
  [366 * DAY, "1 y ago"],
  [9 * 365.25 * DAY, "9 y ago"],
  [-1.5 * SECOND, "now"],
  [-5 * SECOND, "in 5 s"],
  [-3 * HOUR, "in 3 h"],
  [-89.9 * DAY, "in 3 mo"],
  [-400 * DAY, "in 1 y"],
])("%d ms ago is shown as %s", (elapsed, text) => {
  expect(ago(NOW - elapsed, NOW).text).toBe(text);
});

test.each([
  [0, "0 s"],
  [59.9 * SECOND, "59 s"],
  [MINUTE, "1 min"],
  [156 * SECOND, "2 min 36 s"],
  [HOUR, "1 h"],
  [DAY - SECOND, "23 h 59 min"],
  [273_600 * SECOND, "3 d 4 h"],
  [1200 * DAY, "1,200 d"],
  [-HOUR, "0 s"],
])("a duration of %d ms is %s, as on the server", (elapsed, text) => {
  expect(duration(NOW - elapsed, NOW).text).toBe(text);
});

test.each([
  [0, SECOND],
  [59 * SECOND, SECOND],
  [MINUTE, MINUTE],
  [3 * DAY, MINUTE],
  [-30 * SECOND, SECOND],
])("%d ms ago is valid for %d ms", (elapsed, validFor) => {
  expect(ago(NOW - elapsed, NOW).validFor).toBe(validFor);
});

test("a duration with seconds is valid for a second", () => {
  expect(duration(NOW - 59 * MINUTE, NOW).validFor).toBe(SECOND);
  expect(duration(NOW - HOUR, NOW).validFor).toBe(MINUTE);
});
