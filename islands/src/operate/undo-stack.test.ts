/** The undo stack against a server that keeps histories and versions, in random sequences of actions. */
import { expect, test } from "vitest";
import { STATUS_TYPES } from "../api/statuses";
import { IDS, start, state, times } from "../testing/undo-model";
import { forget, MAX_ENTRIES, undo } from "./undo-stack";

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

test.each(SEEDS)("alone, undo and redo go through the states and their times in order (seed %i)", (seed) => {
  const operator = start(seed);
  const now = () => [state(operator.server), times(operator.server)];
  const states = [now()];
  let index = 0;
  for (let turn = 0; turn < 60; turn += 1) {
    const choice = operator.random();
    if (choice < 0.4) {
      operator.change();
      states.splice(index + 1, states.length, now());
      index += 1;
    } else if (choice < 0.75) {
      operator.undo();
      index = Math.max(0, index - 1);
    } else {
      operator.redo();
      index = Math.min(states.length - 1, index + 1);
    }
    expect(now()).toEqual(states[index]);
    expect([operator.stack.done.length, operator.stack.undone.length]).toEqual([index, states.length - 1 - index]);
  }
  expect(operator.refused).toBe(0);
});

test("a change by others is never taken back, and refusals never block the stack", () => {
  let [refusals, undone] = [0, 0];
  for (const seed of SEEDS) {
    const operator = start(seed);
    const { server } = operator;
    /** Per job, the entry that others have appended last. */
    const foreign = new Map<string, { at: string }>();
    for (let turn = 0; turn < 60; turn += 1) {
      const choice = operator.random();
      if (choice < 0.4) operator.change();
      else if (choice < 0.5) {
        const id = operator.pick(IDS);
        foreign.set(id, { at: server.setStatus(id, operator.pick(STATUS_TYPES)).updated_at });
      } else if (choice < 0.85) {
        const before = operator.stack.done.length;
        operator.undo();
        if (before > 0) {
          expect(operator.stack.done).toHaveLength(before - 1);
          undone += 1;
        }
      } else operator.redo();
      for (const [id, { at }] of foreign) {
        const history = server.histories.get(id) ?? [];
        const theirs = history.find((one) => one.at === at);
        // Nothing undoes their entry, nor any older one.
        const since = history.filter((one) => one.at > at);
        expect(since.some(({ undoes }) => undoes !== undefined && undoes <= (theirs?.id ?? -1))).toBe(false);
      }
    }
    refusals += operator.refused;
  }
  expect(refusals).toBeGreaterThan(100);
  expect(undone).toBeGreaterThan(1_000);
});

test("what fails without being refused stays, and is completed by the next undo", () => {
  const operator = start(1);
  operator.setStatus(IDS, "FAILED");
  const [entry] = operator.stack.done;
  const one = operator.server.undo("1", operator.server.job("1").updated_at, operator.server.job("1").updated_at);
  operator.stack = undo(operator.stack, entry?.key ?? "", one ? [one] : [], ["2", "3"]);
  expect(operator.stack.done[0]?.items.map(({ id }) => id)).toEqual(["2", "3"]);
  operator.undo();
  expect(operator.stack.done).toEqual([]);
  expect(operator.stack.undone).toHaveLength(1);
  operator.redo();
  expect(state(operator.server)).toEqual(IDS.map((id) => `${id} v0 FAILED`));
  expect(operator.refused).toBe(0);
});

test("an undo that ends after a new change cannot be redone", () => {
  const operator = start(1);
  operator.setStatus(["1"], "FAILED");
  const key = operator.stack.done[0]?.key ?? "";
  operator.setStatus(["2"], "FAILED");
  operator.stack = undo(operator.stack, key, [operator.server.job("1")], []);
  expect(operator.stack.done).toHaveLength(1);
  expect(operator.stack.undone).toEqual([]);
});

test("deleted jobs are forgotten, and the oldest entries beyond the limit", () => {
  const operator = start(1);
  operator.setStatus(["1", "2"], "FAILED");
  operator.setStatus(["1"], "RUNNING");
  operator.undo();
  const { done, undone } = forget(operator.stack, ["1"]);
  expect(done.map(({ items }) => items.map(({ id }) => id))).toEqual([["2"]]);
  expect(undone).toEqual([]);
  for (let turn = 0; turn < MAX_ENTRIES + 5; turn += 1) operator.setStatus(["3"], "FAILED");
  expect(operator.stack.done).toHaveLength(MAX_ENTRIES);
});
