/** The undo stack against a server that keeps histories and versions, in random sequences of actions. */
import { expect, test } from "vitest";
import { STATUS_TYPES } from "../api/statuses";
import type { Job, StatusType } from "../api/types";
import { makeJob } from "../testing/server";
import { EMPTY, forget, MAX_ENTRIES, push, redo, statusItem, type UndoStack, undo } from "./undo-stack";

interface Recorded {
  id: number;
  status: StatusType;
  at: string;
  undoes?: number;
}

/** The server, as far as the stack depends on it: jobs/changes/bulk_undo.py. */
class Server {
  #clock = 0;
  readonly jobs = new Map<string, Job>();
  readonly histories = new Map<string, Recorded[]>();

  create(id: string): void {
    const at = this.#tick();
    this.jobs.set(id, makeJob({ id, name: `${id} v0`, updated_at: at }));
    this.histories.set(id, [{ id: 0, status: "PENDING", at }]);
  }

  #tick(): string {
    this.#clock += 1;
    return String(this.#clock).padStart(9, "0");
  }

  job(id: string): Job {
    const job = this.jobs.get(id);
    if (!job) throw new Error(`no job ${id}`);
    return job;
  }

  #write(id: string, values: Partial<Job>): Job {
    const job = { ...this.job(id), ...values, updated_at: this.#tick() };
    this.jobs.set(id, job);
    return job;
  }

  setStatus(id: string, status: StatusType, undoes?: number): Job {
    const job = this.#write(id, { current_status: status });
    const history = this.#history(id);
    history.push({ id: history.length, status, at: job.updated_at, ...(undoes !== undefined && { undoes }) });
    return job;
  }

  #history(id: string): Recorded[] {
    return this.histories.get(id) ?? [];
  }

  rename(id: string, name: string): Job {
    return this.#write(id, { name });
  }

  isAt(id: string, version: string): boolean {
    return this.job(id).updated_at === version;
  }

  undo(id: string, version: string, changedAt: string): Job | undefined {
    const history = this.#history(id);
    const index = history.findIndex(({ at }) => at === changedAt);
    const [target, before] = [history[index], history[index - 1]];
    if (!this.isAt(id, version) || !target || !before) return undefined;
    const newer = history.slice(index + 1);
    const isUndone = newer.every((one) => one.undoes !== undefined || newer.some(({ undoes }) => undoes === one.id));
    if (!isUndone || this.job(id).current_status !== target.status) return undefined;
    return this.setStatus(id, before.status, target.id);
  }
}

/** When the entries in effect began, oldest first, as in jobs/listing/durations.py. */
function inEffect(history: readonly Recorded[], index = history.length - 1): string[] {
  const entry = history[index];
  if (!entry) return [];
  return entry.undoes === undefined ? [...inEffect(history, index - 1), entry.at] : inEffect(history, entry.undoes - 1);
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const IDS = ["1", "2", "3"];

class Operator {
  stack: UndoStack = EMPTY;
  /** How many items were refused. */
  refused = 0;
  #key = 0;

  constructor(
    readonly server: Server,
    readonly random: () => number,
  ) {}

  pick<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.random() * values.length)] as Value;
  }

  setStatus(ids: readonly string[], status: StatusType): void {
    this.#key += 1;
    const items = ids.map((id) => statusItem(this.server.setStatus(id, status)));
    this.stack = push(this.stack, { kind: "status", key: String(this.#key), items });
  }

  rename(id: string): void {
    this.#key += 1;
    const from = this.server.job(id).name;
    const { name, updated_at: version } = this.server.rename(id, `${id} v${this.#key}`);
    const items = [{ id, name, version, from, to: name }];
    this.stack = push(this.stack, { kind: "rename", key: String(this.#key), items });
  }

  undo(): void {
    const entry = this.stack.done.at(-1);
    if (!entry) return;
    const jobs = entry.items.map((item) => {
      if ("changedAt" in item) return this.server.undo(item.id, item.version, item.changedAt);
      return "from" in item && this.server.isAt(item.id, item.version)
        ? this.server.rename(item.id, item.from)
        : undefined;
    });
    this.stack = undo(this.stack, entry.key, this.#done(jobs), []);
  }

  redo(): void {
    const entry = this.stack.undone.at(-1);
    if (!entry) return;
    const jobs = entry.items.map((item) => {
      if ("changedAt" in item) return this.server.undo(item.id, item.version, item.changedAt);
      return this.server.isAt(item.id, item.version) ? this.server.rename(item.id, item.to) : undefined;
    });
    this.stack = redo(this.stack, entry.key, this.#done(jobs), []);
  }

  #done(jobs: readonly (Job | undefined)[]): Job[] {
    const done = jobs.filter((job) => job !== undefined);
    this.refused += jobs.length - done.length;
    return done;
  }

  /** A change of some jobs: to one status, or of one name. */
  change(): void {
    if (this.random() < 0.25) this.rename(this.pick(IDS));
    else this.setStatus(this.#some(), this.pick(STATUS_TYPES));
  }

  #some(): string[] {
    const chosen = IDS.filter(() => this.random() < 0.5);
    return chosen.length > 0 ? chosen : [this.pick(IDS)];
  }
}

function start(seed: number): Operator {
  const server = new Server();
  for (const id of IDS) server.create(id);
  return new Operator(server, randomFrom(seed));
}

const state = ({ jobs }: Server) => [...jobs.values()].map(({ name, current_status }) => `${name} ${current_status}`);
const times = ({ histories }: Server) => [...histories.values()].map((history) => inEffect(history));
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
