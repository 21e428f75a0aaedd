/** Browsers without a zone, with an unsupported one, or without Intl fall back to UTC silently. */
import { afterEach, expect, test, vi } from "vitest";
import { absolute, dayOf } from "./absolute";
import { duration } from "./relative";
import { localZone } from "./zone";

const MOMENT = Date.parse("2026-11-22T13:38:05Z");

function named(timeZone: string | undefined): void {
  const options = new Intl.DateTimeFormat("en", { timeZone: "UTC" }).resolvedOptions();
  vi.spyOn(Intl.DateTimeFormat.prototype, "resolvedOptions").mockReturnValue({
    ...options,
    timeZone: timeZone as string,
  });
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test.each(["Etc/Unknown", "", undefined, "Mars/Olympus"])("the zone %j falls back to UTC", (zone) => {
  named(zone);
  expect(localZone()).toBe("UTC");
});

test("a supported zone is used", () => {
  named("Asia/Kathmandu");
  expect(localZone()).toBe("Asia/Kathmandu");
});

test.each([
  [
    "throws",
    {
      DateTimeFormat: () => {
        throw new RangeError("no data");
      },
    },
  ],
  ["is missing", undefined],
])("if Intl %s, times are in UTC", (_, intl) => {
  vi.stubGlobal("Intl", intl);
  expect(localZone()).toBe("UTC");
  const zone = "Europe/Rome"; // no cached formatter
  expect(absolute(MOMENT, zone, "2026-11-22")).toEqual({
    day: "2026-11-22",
    sortable: "2026-11-22 13:38:05",
    full: "22 Nov 2026, 13:38:05",
    short: "22 Nov 13:38:05 UTC",
    clock: "13:38",
    date: "22 Nov 13:38",
    weekday: "Sun 13:38",
    zone: "UTC",
  });
  expect(dayOf(MOMENT, zone)).toBe("2026-11-22");
});

test("large numbers are grouped without Intl", () => {
  vi.stubGlobal("Intl", undefined);
  expect(duration(0, 86_400_000 * 1_234_567).text).toBe("1,234,567 d");
});
