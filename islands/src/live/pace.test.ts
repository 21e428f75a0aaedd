import { expect, test } from "vitest";
import { BRISK, CALM, HIDDEN, nextDelay, type Situation } from "./pace";

const MINUTE = 60_000;

function delay(changes: Partial<Situation> = {}, chance = 0.5): number | undefined {
  const busy = { hiddenFor: undefined, untouchedFor: 0, unchangedFor: 0, lastDelay: BRISK, took: 20, askedFor: 0 };
  return nextDelay({ ...busy, failures: 0, ...changes }, chance);
}

test("is brisk while somebody is there and things change", () => {
  expect(delay()).toBe(BRISK);
  expect(delay({ untouchedFor: MINUTE - 1, unchangedFor: MINUTE - 1, lastDelay: CALM })).toBe(BRISK);
});

test.each([{ untouchedFor: MINUTE }, { unchangedFor: MINUTE }])(
  "eases to calm when $untouchedFor $unchangedFor",
  (idle) => {
    const delays = [BRISK];
    for (let n = 0; n < 6; n++) delays.push(delay({ ...idle, lastDelay: delays.at(-1) ?? 0 }) ?? 0);
    expect(delays).toEqual([3000, 4500, 6750, 10125, CALM, CALM, CALM]);
  },
);

test("is slow while hidden, and sleeps when hidden for long", () => {
  expect(delay({ hiddenFor: 0 })).toBe(HIDDEN);
  expect(delay({ hiddenFor: 30 * MINUTE })).toBe(HIDDEN);
  expect(delay({ hiddenFor: 30 * MINUTE + 1 })).toBeUndefined();
});

test("leaves a slow server alone for ten times as long as it took, and never for ever", () => {
  expect(delay({ took: 2000 })).toBe(20_000);
  expect(delay({ took: 14_000 })).toBe(120_000);
});

test("never asks sooner than the server wants, give or take a tenth", () => {
  expect(delay({ askedFor: 12_000 })).toBe(12_000);
  expect(delay({ askedFor: 12_000, hiddenFor: 0 })).toBe(HIDDEN);
  expect([delay({}, 0), delay({}, 1)]).toEqual([BRISK * 0.9, BRISK * 1.1]);
});

test("backs off after failures, up to two minutes", () => {
  const delays = [1, 2, 3, 4, 5, 6, 60].map((failures) => delay({ failures }));
  expect(delays).toEqual([6000, 12_000, 24_000, 48_000, 96_000, 120_000, 120_000]);
});
