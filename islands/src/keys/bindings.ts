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

/** All keys of a command, even if switched off. The first one can be rebound. */
export function allKeysOf({ id, keys }: Command): readonly string[] {
  const own = settings.own[id];
  return own === undefined ? keys : [own, ...keys.slice(1)];
}

/** The active keys of a command. */
export function keysOf(id: CommandId): readonly string[] {
  const keys = allKeysOf(command(id));
  return settings.off ? keys.filter((one) => !isCharacter(one)) : keys;
}

/** Makes `keys` the first key of the command, or returns the command whose keys conflict with it. */
export function rebind(id: CommandId, keys: string): Command | undefined {
  const target = command(id);
  const conflict = KEYMAP.find(
    (other) => other.id !== id && overlaps(target, other) && conflicts(allKeysOf(other), keys),
  );
  if (!conflict) change({ ...settings, own: { ...settings.own, [id]: keys } });
  return conflict;
}

function conflicts(others: readonly string[], keys: string): boolean {
  return others.some((other) => `${other} `.startsWith(`${keys} `) || `${keys} `.startsWith(`${other} `));
}
