import { expect, test } from "vitest";
import { ACTIVE, HIDDEN, IDLE, nextDelay, type PollState } from "./poll-delay";

const MINUTE = 60_000;

function delay(changes: Partial<PollState> = {}, chance = 0.5): number | undefined {
  const busy = { hiddenFor: undefined, idleFor: 0, unchangedFor: 0, lastDelay: ACTIVE, responseTime: 20, minDelay: 0 };
  return nextDelay({ ...busy, failures: 0, ...changes }, chance);
}

test("is short while the page is in use and jobs change", () => {
  expect(delay()).toBe(ACTIVE);
  expect(delay({ idleFor: MINUTE - 1, unchangedFor: MINUTE - 1, lastDelay: IDLE })).toBe(ACTIVE);
});

test.each([{ idleFor: MINUTE }, { unchangedFor: MINUTE }])(
  "grows to the idle delay for idle $idleFor, unchanged $unchangedFor",
  (idle) => {
    const delays = [ACTIVE];
    for (let n = 0; n < 6; n++) delays.push(delay({ ...idle, lastDelay: delays.at(-1) ?? 0 }) ?? 0);
    expect(delays).toEqual([3000, 4500, 6750, 10125, IDLE, IDLE, IDLE]);
  },
);

test("is long while hidden, and polling stops after half an hour", () => {
  expect(delay({ hiddenFor: 0 })).toBe(HIDDEN);
  expect(delay({ hiddenFor: 30 * MINUTE })).toBe(HIDDEN);
  expect(delay({ hiddenFor: 30 * MINUTE + 1 })).toBeUndefined();
});

test("is at least ten times the response time, up to two minutes", () => {
  expect(delay({ responseTime: 2000 })).toBe(20_000);
  expect(delay({ responseTime: 14_000 })).toBe(120_000);
});

test("is at least what the server asks for, with ten percent jitter", () => {
  expect(delay({ minDelay: 12_000 })).toBe(12_000);
  expect(delay({ minDelay: 12_000, hiddenFor: 0 })).toBe(HIDDEN);
  expect([delay({}, 0), delay({}, 1)]).toEqual([ACTIVE * 0.9, ACTIVE * 1.1]);
});

test("tries again soon after the first failure, then backs off, up to two minutes", () => {
  const delays = [1, 2, 3, 4, 5, 6, 60].map((failures) => delay({ failures }));
  expect(delays).toEqual([1000, 12_000, 24_000, 48_000, 96_000, 120_000, 120_000]);
});
