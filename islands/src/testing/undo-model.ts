/** A server that keeps histories and versions, and an operator who changes, undoes and redoes at random. */
import { STATUS_TYPES } from "../api/statuses";
import type { Job, StatusType } from "../api/types";
import { EMPTY, push, redo, statusItem, type UndoStack, undo } from "../operate/undo-stack";
import { makeJob } from "./server";

interface Recorded {
  id: number;
  status: StatusType;
  at: string;
  undoes?: number;
}

/** The server, as far as the stack depends on it: jobs/changes/bulk_undo.py. */
export class Server {
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

export const IDS = ["1", "2", "3"];

export class Operator {
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

export function start(seed: number): Operator {
  const server = new Server();
  for (const id of IDS) server.create(id);
  return new Operator(server, randomFrom(seed));
}

export const state = ({ jobs }: Server) =>
  [...jobs.values()].map(({ name, current_status }) => `${name} ${current_status}`);
export const times = ({ histories }: Server) => [...histories.values()].map((history) => inEffect(history));
