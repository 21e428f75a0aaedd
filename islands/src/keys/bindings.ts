/** The user's shortcuts: single keys can be switched off, and each can be rebound. Stored in localStorage. */
import { local } from "../storage";
import { type Command, type CommandId, command, isCommandId, KEYMAP, overlaps } from "./keymap";
import { isCharacter } from "./strokes";

const STORAGE_KEY = "job-dashboard:keys";
const MAX_LENGTH = 20;

interface Settings {
  off: boolean;
  /** Replaces the first key of a command. */
  own: Partial<Record<CommandId, string>>;
}

let settings = read();
const listeners = new Set<() => void>();

/** Ignores stored values that this module cannot have written. */
function read(): Settings {
  const { off, own } = (local.readJson(STORAGE_KEY) ?? {}) as Record<string, unknown>;
  const pairs = typeof own === "object" && own !== null ? Object.entries(own) : [];
  const known = pairs.filter(([id, keys]) => isCommandId(id) && isKeys(keys));
  return { off: off === true, own: Object.fromEntries(known) };
}

function isKeys(value: unknown): value is string {
  return typeof value === "string" && value.trim() === value && value !== "" && value.length <= MAX_LENGTH;
}

/** If they cannot be stored, the settings last until the page is left. */
function change(next: Settings): void {
  settings = next;
  local.writeJson(STORAGE_KEY, next);
  for (const listener of listeners) listener();
}

export function onBindings(listener: () => void): void {
  listeners.add(listener);
}

/** Follows changes made in other tabs. */
export function wireBindings(): void {
  addEventListener("storage", ({ key }) => {
    if (key !== STORAGE_KEY && key !== null) return;
    settings = read();
    for (const listener of listeners) listener();
  });
}

export const areSingleKeysOff = () => settings.off;
export const switchSingleKeys = (on: boolean) => change({ ...settings, off: !on });
export const resetKeys = () => change({ off: false, own: {} });

type Own = Settings["own"];

/** All keys of a command, even if switched off. The first one can be rebound. */
export function allKeysOf({ id, keys }: Command, own: Own = settings.own): readonly string[] {
  const first = own[id];
  return first === undefined ? keys : [first, ...keys.slice(1)];
}

/** The active keys of a command. */
export function keysOf(id: CommandId): readonly string[] {
  const keys = allKeysOf(command(id));
  return settings.off ? keys.filter((one) => !isCharacter(one)) : keys;
}

/** Makes `keys` the first key of the command, or returns the commands whose keys conflict with it. */
export function rebind(id: CommandId, keys: string): Command[] {
  const own = { ...settings.own, [id]: keys };
  const conflicts = conflictsOf(id, own);
  if (conflicts.length === 0) change({ ...settings, own });
  return conflicts;
}

/** Whether `swapKeys` is possible. */
export const canSwapKeys = (id: CommandId, keys: string) => swapped(id, keys) !== undefined;

/** Makes `keys` the first key of the command, and gives its old key to the command that had them. */
export function swapKeys(id: CommandId, keys: string): void {
  const own = swapped(id, keys);
  if (own) change({ ...settings, own });
}

/** Undefined if the keys begin a sequence of others, are fixed, or if the others cannot have the old key. */
function swapped(id: CommandId, keys: string): Own | undefined {
  const [old] = allKeysOf(command(id));
  const others = conflictsOf(id, { ...settings.own, [id]: keys });
  if (others.some((other) => allKeysOf(other)[0] !== keys)) return undefined;
  const own: Own = { ...settings.own, [id]: keys, ...Object.fromEntries(others.map((other) => [other.id, old])) };
  const changed = [id, ...others.map((other) => other.id)];
  return changed.every((one) => conflictsOf(one, own).length === 0) ? own : undefined;
}

/** The commands that cannot have their keys at the same time as this one. */
function conflictsOf(id: CommandId, own: Own): Command[] {
  const target = command(id);
  const keys = allKeysOf(target, own);
  return KEYMAP.filter(
    (other) => other.id !== id && overlaps(target, other) && keys.some((one) => conflicts(allKeysOf(other, own), one)),
  );
}

function conflicts(others: readonly string[], keys: string): boolean {
  return others.some((other) => `${other} `.startsWith(`${keys} `) || `${keys} `.startsWith(`${other} `));
}
