/** The cursor and the scroll position in each entry of the browser's history, for Back and Forward. */
import { isId } from "../api/exact";
import { currentEntry } from "../page/history";
import { session } from "../storage";
import { type Position, position } from "./cursor";

const STORAGE_KEY = "job-dashboard:places";
const MAX_PLACES = 30;
/** Neighbors to remember on each side of the cursor. */
const NEIGHBORS = 20;

interface Place {
  scroll: number;
  position?: Position;
}

type Pair = [entry: string, place: Place];

function read(): Pair[] {
  const stored = session.readJson(STORAGE_KEY);
  return Array.isArray(stored) ? stored.filter(isPair) : [];
}

function isPair(value: unknown): value is Pair {
  if (!Array.isArray(value) || typeof value[0] !== "string") return false;
  const { scroll, position } = (value[1] ?? {}) as Record<string, unknown>;
  return typeof scroll === "number" && (position === undefined || isPosition(position));
}

function isPosition(value: unknown): value is Position {
  const { id, order } = (value ?? {}) as Record<string, unknown>;
  return isId(id) && Array.isArray(order) && order.every(isId);
}

function nearby({ id, order }: Position): Position {
  const at = Math.max(order.indexOf(id), 0);
  return { id, order: order.slice(Math.max(at - NEIGHBORS, 0), at + NEIGHBORS + 1) };
}

/** Called when an entry is left. */
export function savePlace(entry: string): void {
  const now = position();
  const place: Place = { scroll: scrollY, ...(now && { position: nearby(now) }) };
  const others = read().filter(([other]) => other !== entry);
  session.writeJson(STORAGE_KEY, [...others, [entry, place]].slice(-MAX_PLACES));
}

/** What was saved for the entry that is shown now. */
export function placeOfEntry(): Place | undefined {
  return read().find(([entry]) => entry === currentEntry())?.[1];
}
