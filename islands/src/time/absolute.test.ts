import { describe, expect, test } from "vitest";
import { absolute, dayOf } from "./absolute";

const at = (iso: string, zone: string, now = "2026-11-22T14:00:00Z") =>
  absolute(Date.parse(iso), zone, dayOf(Date.parse(now), zone));

test.each([
  ["UTC", "2026-11-22 13:40:58", "UTC"],
  ["Europe/Berlin", "2026-11-22 14:40:58", "GMT+1"],
  ["America/New_York", "2026-11-22 08:40:58", "EST"],
  ["Asia/Kathmandu", "2026-11-22 19:25:58", "GMT+5:45"],
  ["Pacific/Kiritimati", "2026-11-23 03:40:58", "GMT+14"],
])("formats in %s: %s", (zone, sortable, name) => {
  expect(at("2026-11-22T13:40:58.000123Z", zone)).toMatchObject({ sortable, zone: name });
});

describe("when clocks are turned back", () => {
  test.each([
    ["2026-10-25T00:30:00Z", "GMT+2"],
    ["2026-10-25T01:30:00Z", "GMT+1"],
  ])("%s is 02:30 in %s", (iso, zone) => {
    expect(at(iso, "Europe/Berlin")).toMatchObject({ full: "25 Oct 2026, 02:30:00", zone });
  });
});

test("when clocks are turned forward, an hour is skipped", () => {
  expect(at("2026-03-29T00:59:59Z", "Europe/Berlin").sortable).toBe("2026-03-29 01:59:59");
  expect(at("2026-03-29T01:00:00Z", "Europe/Berlin").sortable).toBe("2026-03-29 03:00:00");
});

test.each([
  ["2026-11-22T00:00:00Z", "22 Nov 00:00:00 UTC"],
  ["2026-11-21T23:59:00Z", "21 Nov 23:59:00 UTC"],
  ["2026-01-03T08:05:00Z", "3 Jan 08:05:00 UTC"],
  ["2024-01-03T08:05:00Z", "3 Jan 2024 08:05 UTC"],
  ["2031-05-01T08:05:00Z", "1 May 2031 08:05 UTC"],
])("the short form of %s is %s", (iso, short) => {
  expect(at(iso, "UTC").short).toBe(short);
});

test("the current year is that of the zone", () => {
  const newYear = "2026-12-31T23:30:00Z";
  expect(at("2026-12-31T22:50:00Z", "Europe/Berlin", newYear).short).toBe("31 Dec 2026 23:50 GMT+1");
  expect(at("2026-12-31T22:50:00Z", "UTC", newYear).short).toBe("31 Dec 22:50:00 UTC");
});

test("midnight is hour 0", () => {
  expect(at("2026-11-22T00:00:00Z", "UTC").full).toBe("22 Nov 2026, 00:00:00");
});
