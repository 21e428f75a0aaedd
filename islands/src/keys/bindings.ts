/** The keys as this browser's user has set them: single keys may be switched off, and each be another one. */
import { type Command, type CommandId, command, isCommandId, KEYMAP, meet } from "./keymap";
import { isCharacter } from "./strokes";

const STORED_AS = "job-dashboard:keys";
const LONGEST = 20;

interface Settings {
  off: boolean;
  /** In place of the first key of a command. */
  own: Partial<Record<CommandId, string>>;
}

let settings = read();
const listeners = new Set<() => void>();

/** What is stored may be anybody's: only what we could have written is believed. */
function read(): Settings {
  const none: Settings = { off: false, own: {} };
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED_AS) ?? "{}");
    if (typeof stored !== "object" || stored === null) return none;
    const { off, own } = stored as Record<string, unknown>;
    const pairs = typeof own === "object" && own !== null ? Object.entries(own) : [];
    const known = pairs.filter(([id, keys]) => isCommandId(id) && isKeys(keys));
    return { off: off === true, own: Object.fromEntries(known) };
  } catch {
    return none;
  }
}

function isKeys(value: unknown): value is string {
  return typeof value === "string" && value.trim() === value && value !== "" && value.length <= LONGEST;
}

function change(next: Settings): void {
  settings = next;
  try {
    localStorage.setItem(STORED_AS, JSON.stringify(next));
  } catch {
    // a browser that stores nothing: they hold until the page is left
  }
  for (const listener of listeners) listener();
}

export function onBindings(listener: () => void): void {
  listeners.add(listener);
}

/** Reads again what is stored: another tab may have changed it. */
export function wireBindings(): void {
  addEventListener("storage", ({ key }) => {
    if (key !== STORED_AS && key !== null) return;
    settings = read();
    for (const listener of listeners) listener();
  });
}

export const areSingleKeysOff = () => settings.off;
export const isOwn = (id: CommandId) => settings.own[id] !== undefined;
export const switchSingleKeys = (on: boolean) => change({ ...settings, off: !on });
export const resetKeys = () => change({ off: false, own: {} });

/** All keys of a command, whether switched off or not; the first one can be changed. */
export function allKeysOf({ id, keys }: Command): readonly string[] {
  const own = settings.own[id];
  return own === undefined ? keys : [own, ...keys.slice(1)];
}

/** The keys that work now. */
export function keysOf(id: CommandId): readonly string[] {
  const keys = allKeysOf(command(id));
  return settings.off ? keys.filter((one) => !isCharacter(one)) : keys;
}

/** Makes `keys` the first key of the command; or answers the one that has it already, or begins with it. */
export function rebind(id: CommandId, keys: string): Command | undefined {
  const mine = command(id);
  const taken = KEYMAP.find((other) => other.id !== id && meet(mine, other) && clash(allKeysOf(other), keys));
  if (!taken) change({ ...settings, own: { ...settings.own, [id]: keys } });
  return taken;
}

function clash(theirs: readonly string[], keys: string): boolean {
  return theirs.some((other) => `${other} `.startsWith(`${keys} `) || `${keys} `.startsWith(`${other} `));
}
