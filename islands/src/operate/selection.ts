/** The selected jobs, by id: kept for this tab and one list, independently of the rows that are shown. */
import { isId } from "../api/exact";
import { MAX_NAME_LENGTH } from "../api/names";
import { session } from "../storage";
import type { JobRef } from "./rows";

const STORAGE_KEY = "job-dashboard:selection";
const LIST_KEY = "job-dashboard:selection-list";
export const MAX_SELECTED = 200;

/** `dropped`: the selection ended because another list is shown. */
type Listener = (how?: "dropped") => void;

const listeners = new Set<Listener>();
let selected = read();

function read(): Map<string, string> {
  const stored = session.readJson(STORAGE_KEY);
  const pairs: unknown[] = Array.isArray(stored) ? stored.slice(0, MAX_SELECTED) : [];
  return new Map(pairs.filter(isPair));
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && isId(value[0]) && typeof value[1] === "string" && value[1].length <= MAX_NAME_LENGTH;
}

function changed(how?: "dropped"): void {
  session.writeJson(STORAGE_KEY, [...selected]);
  for (const listener of listeners) listener(how);
}

export function onSelection(listener: Listener): void {
  listeners.add(listener);
}

export const isSelected = (id: string) => selected.has(id);
export const selectedCount = () => selected.size;
export const selectedJobs = (): JobRef[] => [...selected].map(([id, name]) => ({ id, name }));

/** Returns false if the limit was reached before all of them were selected. */
export function select(jobs: readonly JobRef[]): boolean {
  const before = selected.size;
  let all = true;
  for (const { id, name } of jobs) {
    if (selected.has(id)) continue;
    if (selected.size < MAX_SELECTED) selected.set(id, name);
    else all = false;
  }
  if (selected.size !== before) changed();
  return all;
}

export function deselect(ids: readonly string[]): void {
  if (ids.filter((id) => selected.delete(id)).length > 0) changed();
}

export function renameSelected(id: string, name: string): void {
  if (!selected.has(id)) return;
  selected.set(id, name);
  changed();
}

export function clearSelection(): void {
  if (selected.size === 0) return;
  selected = new Map();
  changed();
}

/** The list that is shown now. Drops the selection if it was made in another one; returns how many jobs that were. */
export function keepSelectionIn(list: string): number {
  const dropped = session.readJson(LIST_KEY) === list ? 0 : selected.size;
  session.writeJson(LIST_KEY, list);
  if (dropped > 0) {
    selected = new Map();
    changed("dropped");
  }
  return dropped;
}
