/**
 * The changes made in this tab, for undo and redo. Values and functions only: `undo-storage.ts` keeps the stack, `undo.ts`
 * runs it.
 *
 * Each item has the version (`updated_at`) that its job must have to be undone or redone, so that a change by others in
 * the meantime is never reverted. An undo is a change itself and gives the job a new version. It leaves the job as the
 * entry below left it, so that entry gets the new version: `carry`.
 */
import type { Job, StatusType } from "../api/types";
import type { JobRef } from "./rows";

export const MAX_ENTRIES = 50;
export const MAX_ITEMS = 200;

interface Item extends JobRef {
  /** The job's `updated_at` while the entry can be undone or redone. */
  version: string;
}

/** A status that was set. */
export interface StatusItem extends Item {
  to: StatusType;
  /** The job's `updated_at` right after the change, or after its undo if it was undone: identifies what to undo next. */
  changedAt: string;
  /** The status after the undo. */
  from?: StatusType;
}

/** A name that was set. */
export interface RenameItem extends Item {
  to: string;
  from: string;
}

export type Entry =
  | { kind: "status"; key: string; items: readonly StatusItem[] }
  | { kind: "rename"; key: string; items: readonly RenameItem[] }
  | Deletion
  /** A change whose outcome is unknown, which cannot be undone. */
  | { kind: "unknown"; key: string; items: readonly JobRef[] };

/** Jobs that were moved into the trash. Its undo restores them, and cannot be redone: a deletion asks first. */
interface Deletion {
  kind: "deletion";
  key: string;
  items: readonly JobRef[];
}

/** An entry that can be redone, too. */
export type Redoable = Extract<Entry, { kind: "status" | "rename" }>;
/** An entry that can be undone. */
export type Undoable = Redoable | Deletion;

/** The newest entry is the last of `done`; the one to redo first is the last of `undone`. */
export interface UndoStack {
  done: readonly Entry[];
  undone: readonly Redoable[];
}

export const EMPTY: UndoStack = { done: [], undone: [] };

export function statusItem({ id, name, updated_at, current_status }: Job): StatusItem {
  return { id, name, version: updated_at, changedAt: updated_at, to: current_status };
}

/** A new change. It replaces the entry with its key, which an earlier attempt may have left, and ends redo. */
export function push({ done }: UndoStack, entry: Entry): UndoStack {
  const others = done.filter(({ key }) => key !== entry.key);
  const renamed = entry.kind === "rename" ? others.map((other) => withNames(other, entry.items)) : others;
  return { done: [...renamed, entry].slice(-MAX_ENTRIES), undone: [] };
}

/** Removes an entry that cannot be undone. */
export function drop({ done, undone }: UndoStack, key: string): UndoStack {
  return { done: done.filter((entry) => entry.key !== key), undone };
}

/**
 * The entry was undone: `jobs` are as the undo left them, and the jobs in `kept` can still be undone. For all others, the
 * undo was refused. If the entry is not the newest any more, it cannot be redone: a new change has ended redo.
 */
export function undo(stack: UndoStack, key: string, jobs: readonly Job[], kept: readonly string[]): UndoStack {
  const entry = stack.done.find((each) => each.key === key);
  if (!entry) return stack;
  const isNewest = stack.done.at(-1) === entry;
  const undone =
    isRedoable(entry) &&
    mapItems(entry, (item) => {
      const job = jobs.find(({ id }) => id === item.id);
      return (
        job && {
          ...item,
          version: job.updated_at,
          ...("changedAt" in item && { from: job.current_status, changedAt: job.updated_at }),
        }
      );
    });
  const done = stack.done.map((each) => (each === entry ? only(entry, kept) : each)).filter(hasItems);
  return {
    done: done.map((each) => carry(each, jobs, "to")),
    undone: place(
      stack.undone.map((each) => carry(each, jobs, "from")),
      isNewest && undone,
    ),
  };
}

/** The entry was done again: `jobs` are as this left them, and the jobs in `kept` can still be redone. */
export function redo(stack: UndoStack, key: string, jobs: readonly Job[], kept: readonly string[]): UndoStack {
  const entry = stack.undone.find((each) => each.key === key);
  if (!entry) return stack;
  const done = mapItems(entry, (item) => {
    const job = jobs.find(({ id }) => id === item.id);
    return job && { ...item, version: job.updated_at, ...("changedAt" in item && { changedAt: job.updated_at }) };
  });
  const undone = stack.undone.map((each) => (each === entry ? only(entry, kept) : each)).filter(hasItems);
  return {
    done: place(
      stack.done.map((each) => carry(each, jobs, "to")),
      done,
    ).slice(-MAX_ENTRIES),
    undone: undone.map((each) => carry(each, jobs, "from")),
  };
}

/** Others have deleted the jobs: nothing about them can be undone or redone. */
export function forget({ done, undone }: UndoStack, ids: readonly string[]): UndoStack {
  const without = <Each extends Entry>(entry: Each): Each =>
    isRedoable(entry) ? mapItems(entry, (item) => (ids.includes(item.id) ? undefined : item)) : entry;
  return { done: done.map(without).filter(hasItems), undone: undone.map(without).filter(hasItems) };
}

export function isRedoable(entry: Entry): entry is Redoable {
  return entry.kind === "status" || entry.kind === "rename";
}

/**
 * The entry with the new versions of these jobs, as far as they are in the state that it expects: as it left them
 * (`to`), or as its undo left them (`from`). A job in another state has been changed by others, so that the entry keeps
 * the old version and is refused. The server checks more: `changed_at` in docs/api.md.
 */
function carry<Each extends Entry>(entry: Each, jobs: readonly Job[], side: "to" | "from"): Each {
  if (!isRedoable(entry)) return entry;
  return mapItems(entry, (item) => {
    const job = jobs.find(({ id }) => id === item.id);
    if (!job) return item;
    const state = "changedAt" in item ? job.current_status : job.name;
    return { ...item, name: job.name, ...(item[side] === state && { version: job.updated_at }) };
  });
}

function withNames(entry: Entry, jobs: readonly RenameItem[]): Entry {
  if (!isRedoable(entry)) return entry;
  return mapItems(entry, (item) => ({ ...item, name: jobs.find(({ id }) => id === item.id)?.to ?? item.name }));
}

/** Adds the entry on top, or its items to those of the same entry. */
function place<Each extends Entry>(entries: readonly Each[], entry: Each | false): readonly Each[] {
  if (!entry || !hasItems(entry)) return entries;
  const top = entries.at(-1);
  if (top?.key !== entry.key) return [...entries, entry];
  return [...entries.slice(0, -1), { ...entry, items: [...top.items, ...entry.items] }];
}

const hasItems = ({ items }: Entry) => items.length > 0;

function only<Each extends Entry>(entry: Each, ids: readonly string[]): Each {
  return { ...entry, items: (entry.items as JobRef[]).filter(({ id }) => ids.includes(id)) };
}

function mapItems<Each extends Entry>(
  entry: Each,
  map: (item: StatusItem | RenameItem) => StatusItem | RenameItem | undefined,
): Each {
  const items = (entry.items as readonly (StatusItem | RenameItem)[]).map(map).filter((item) => item !== undefined);
  return { ...entry, items };
}
