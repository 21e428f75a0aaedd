/**
 * The undo stack of this tab. In the session's storage: it outlives pages and reloads, and no other tab writes it, so that
 * `z` never takes back what was done in a tab that the user does not see. Where people log in, it belongs to their session:
 * after a logout, it is empty.
 */
import { isId } from "../api/exact";
import { MAX_NAME_LENGTH } from "../api/names";
import { isStatusType } from "../api/statuses";
import { session } from "../storage";
import { EMPTY, type Entry, isRedoable, MAX_ENTRIES, MAX_ITEMS, type Redoable, type UndoStack } from "./undo-stack";

const STORAGE_KEY = "job-dashboard:undo";

/** The stack if it could not be stored. */
let unstored: UndoStack | undefined;
const listeners = new Set<() => void>();

export function readStack(): UndoStack {
  if (unstored) return unstored;
  const { login, done, undone } = asRecord(session.readJson(STORAGE_KEY));
  if (login !== currentLogin()) {
    if (currentLogin()) session.write(STORAGE_KEY, null);
    return EMPTY;
  }
  return { done: entriesOf(done), undone: entriesOf(undone).filter((entry): entry is Redoable => isRedoable(entry)) };
}

/** Called with what is stored now, which may have changed since it was read. */
export function updateStack(change: (stack: UndoStack) => UndoStack): void {
  const stack = change(readStack());
  unstored = undefined;
  // If the storage is full, the oldest entries are forgotten; if it is switched off, the page keeps all of them.
  let { done } = stack;
  while (!session.writeJson(STORAGE_KEY, { ...stack, done, login: currentLogin() })) {
    if (done.length === 0) {
      unstored = stack;
      break;
    }
    done = done.slice(1);
  }
  for (const listener of listeners) listener();
}

export function clearStack(): void {
  updateStack(() => EMPTY);
}

export function onStack(listener: () => void): void {
  listeners.add(listener);
}

/** Undefined without a login, as what is stored then. */
function currentLogin(): string | undefined {
  return document.body.dataset["session"];
}

/** Identifies an entry. */
export function newEntryKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Of a stored value, which may be anything, only what is an entry. */
function entriesOf(value: unknown): Entry[] {
  return (Array.isArray(value) ? value : []).filter(isEntry).slice(-MAX_ENTRIES);
}

function isEntry(value: unknown): value is Entry {
  const { kind, key, items } = asRecord(value);
  if (typeof key !== "string" || !Array.isArray(items) || items.length === 0 || items.length > MAX_ITEMS) return false;
  if (kind === "status") return items.every(isStatusItem);
  if (kind === "rename") return items.every(isRenameItem);
  return (kind === "deletion" || kind === "unknown") && items.every(isJob);
}

function isStatusItem(value: unknown): boolean {
  const { version, changedAt, to, from } = asRecord(value);
  return (
    isJob(value) &&
    isText(version) &&
    isText(changedAt) &&
    isStatusType(to) &&
    (from === undefined || isStatusType(from))
  );
}

function isRenameItem(value: unknown): boolean {
  const { version, to, from } = asRecord(value);
  return isJob(value) && isText(version) && isText(to) && isText(from);
}

function isJob(value: unknown): boolean {
  const { id, name } = asRecord(value);
  return isId(id) && isText(name);
}

/** Names have at most MAX_NAME_LENGTH characters, each one or two code units; versions are shorter. */
function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= 2 * MAX_NAME_LENGTH;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
