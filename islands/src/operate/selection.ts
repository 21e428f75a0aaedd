/** The chosen jobs, by id: kept for this tab, whatever the table shows. */
import { isId } from "../api/exact";
import type { Named } from "./rows";
import { readStored, writeStored } from "./stored";

const STORED_AS = "selection";
const LONGEST_NAME = 255;
export const MOST = 200;

const listeners = new Set<() => void>();
let chosen = read();

function read(): Map<string, string> {
  const stored = readStored(STORED_AS);
  const pairs: unknown[] = Array.isArray(stored) ? stored.slice(0, MOST) : [];
  return new Map(pairs.filter(isPair));
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && isId(value[0]) && typeof value[1] === "string" && value[1].length <= LONGEST_NAME;
}

function changed(): void {
  writeStored(STORED_AS, [...chosen]);
  for (const listener of listeners) listener();
}

export function onSelection(listener: () => void): void {
  listeners.add(listener);
}

export const isChosen = (id: string) => chosen.has(id);
export const chosenCount = () => chosen.size;
export const chosenJobs = (): Named[] => [...chosen].map(([id, name]) => ({ id, name }));

/** Answers false when not all of them have room. */
export function choose(jobs: readonly Named[]): boolean {
  const before = chosen.size;
  let all = true;
  for (const { id, name } of jobs) {
    if (chosen.has(id)) continue;
    if (chosen.size < MOST) chosen.set(id, name);
    else all = false;
  }
  if (chosen.size !== before) changed();
  return all;
}

export function unchoose(ids: readonly string[]): void {
  if (ids.filter((id) => chosen.delete(id)).length > 0) changed();
}

export function clearSelection(): void {
  if (chosen.size === 0) return;
  chosen = new Map();
  changed();
}
