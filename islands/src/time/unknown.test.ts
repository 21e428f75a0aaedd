/** Browsers that know no zone, name one that they cannot reckon with, or cannot write times at all: UTC, quietly. */
import { afterEach, expect, test, vi } from "vitest";
import { absolute, dayOf } from "./absolute";
import { lasted } from "./relative";
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

test.each(["Etc/Unknown", "", undefined, "Mars/Olympus"])("a zone called %j is UTC", (zone) => {
  named(zone);
  expect(localZone()).toBe("UTC");
});

test("one that is known stays", () => {
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
  ["is not there", undefined],
])("where Intl %s, times are in UTC all the same", (_, intl) => {
  vi.stubGlobal("Intl", intl);
  expect(localZone()).toBe("UTC");
  const zone = "Europe/Rome"; // not made yet
  expect(absolute(MOMENT, zone, "2026-11-22")).toEqual({
    day: "2026-11-22",
    sortable: "2026-11-22 13:38:05",
    full: "22 Nov 2026, 13:38:05",
    short: "13:38:05",
    clock: "13:38",
    date: "22 Nov 13:38",
    weekday: "Sun 13:38",
    zone: "UTC",
  });
  expect(dayOf(MOMENT, zone)).toBe("2026-11-22");
});

test("large numbers are grouped without it", () => {
  vi.stubGlobal("Intl", undefined);
  expect(lasted(0, 86_400_000 * 1_234_567).text).toBe("1,234,567 d");
});
