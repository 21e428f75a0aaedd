/** The cursor: the row that keys act on, where the focus is or last was. */
import { isId } from "../api/exact";
import { jobIdOf, jobRows, rowOf, rowWith } from "../dom";
import { focusTable } from "../page/table";
import { session } from "../storage";
import { rowLink } from "./rows";

const STORAGE_KEY = "job-dashboard:cursor";
const ORDER_KEY = "job-dashboard:rows-around-cursor";
const LEFT_JOB_PAGE = "job-dashboard:left-from-job";

/** A job, and the jobs above and below it: if it leaves the list, the cursor moves to the nearest one that is left. */
export interface Position {
  id: string;
  order: string[];
}

let id: string | undefined;
let index = 0;
/** The rows before the latest swap. */
let order: string[] = [];
const listeners = new Set<() => void>();

/** Calls the listener whenever the cursor is put on a row, also on the same one. */
export function onCursor(listener: () => void): void {
  listeners.add(listener);
}

export function cursorRow(): HTMLTableRowElement | null {
  return id === undefined ? null : rowOf(id);
}

export const hasCursor = () => id !== undefined;

export function mark(row: HTMLTableRowElement | null): void {
  const rows = jobRows();
  for (const other of rows)
    if (other !== row && other.hasAttribute("aria-current")) other.removeAttribute("aria-current");
  if (!row) return;
  row.setAttribute("aria-current", "true");
  id = jobIdOf(row);
  index = rows.indexOf(row);
  session.writeJson(STORAGE_KEY, id);
  for (const listener of listeners) listener();
}

/** The cursor is the focus on the job's link, so that keys act on what a screen reader reads. */
export function moveTo(row: HTMLTableRowElement | undefined | null): boolean {
  if (!row) return false;
  mark(row);
  rowLink(row)?.focus();
  return true;
}

/** `end`: there is no row in this direction. Without a cursor, counts from above the first row or below the last one. */
export function step(by: number): "moved" | "end" | "empty" {
  const rows = jobRows();
  const row = cursorRow();
  if (rows.length === 0) return "empty";
  if (!row) return moved(by > 0 ? (rows[by - 1] ?? rows.at(-1)) : (rows.at(by) ?? rows[0]));
  const at = rows.indexOf(row);
  const to = Math.min(Math.max(at + by, 0), rows.length - 1);
  if (to === at && row.contains(document.activeElement)) return "end";
  return moved(rows[to]);
}

function moved(row: HTMLTableRowElement | undefined): "moved" {
  moveTo(row);
  return "moved";
}

/**
 * Scrolls the cursor's row into sight. Returns false if there is none, or its middle was in sight already: between what
 * lies over the window's top and bottom, as the scroll padding says.
 */
export function bringBack(): boolean {
  const row = cursorRow();
  if (!row) return false;
  const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement);
  const { top, height } = row.getBoundingClientRect();
  const middle = top + height / 2;
  if (middle >= pixels(scrollPaddingTop) && middle <= innerHeight - pixels(scrollPaddingBottom)) return false;
  row.scrollIntoView({ block: "center" });
  return true;
}

const pixels = (length: string) => Number.parseFloat(length) || 0;

/** Moves the focus to the cursor's row, or else to the table, when the focused element is gone. */
export function focusCursor(): void {
  if (!moveTo(cursorRow())) focusTable();
}

/** To be called before rows are replaced. */
export function rememberOrder(): void {
  order = jobRows().map(jobIdOf);
}

/** Where the cursor is, to be restored later. Undefined without a cursor. */
export function position(): Position | undefined {
  return id === undefined ? undefined : { id, order: jobRows().map(jobIdOf) };
}

/** The row of this job; if it has left, of the nearest job below it that is still shown, or else above it. */
export function rowAt(position: Position): HTMLTableRowElement | null {
  const at = position.order.indexOf(position.id);
  const below = position.order.slice(at + 1);
  const above = position.order.slice(0, Math.max(at, 0)).reverse();
  for (const one of [position.id, ...below, ...above]) {
    const row = rowOf(one);
    if (row) return row;
  }
  return null;
}

/** The row where the cursor belongs after a refresh of its list. */
export function rowAfterRefresh(): HTMLTableRowElement | null {
  const rows = jobRows();
  return id === undefined ? null : (rowAt({ id, order }) ?? rows[Math.min(index, rows.length - 1)] ?? null);
}

/** Called on a page about jobs: the list opened next puts the cursor on this job, or else back on its row. */
export function rememberVisit(id: string | undefined): void {
  if (id !== undefined) session.writeJson(STORAGE_KEY, id);
  session.writeJson(LEFT_JOB_PAGE, true);
}

/**
 * Takes the focus and scrolls only when coming back from a page about jobs. Otherwise the list opens at its top. A change on
 * that page may have made the job leave the list, so its neighbors are remembered too.
 */
function restoreCursor(): void {
  const stored = session.readJson(STORAGE_KEY);
  if (!isId(stored)) return;
  const cameBack = session.readJson(LEFT_JOB_PAGE) === true;
  const row = cameBack ? rowAfterVisit(stored) : rowOf(stored);
  if (!row) return;
  mark(row);
  if (!cameBack || document.activeElement !== document.body) return;
  rowLink(row)?.focus({ preventScroll: true });
  const { top, bottom } = row.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) row.scrollIntoView({ block: "center" });
}

function rowAfterVisit(visited: string): HTMLTableRowElement | null {
  const stored = session.readJson(ORDER_KEY);
  const order = Array.isArray(stored) ? stored.filter(isId) : [];
  const nearest = rowAt({ id: visited, order });
  if (nearest) return nearest;
  const rows = jobRows();
  return rows[Math.min(Math.max(order.indexOf(visited), 0), rows.length - 1)] ?? null;
}

export function wireCursor(): void {
  restoreCursor();
  session.writeJson(LEFT_JOB_PAGE, false);
  document.addEventListener("focusin", ({ target }) => {
    const row = target instanceof Element ? rowWith(target) : null;
    if (row) mark(row);
  });
  addEventListener("pagehide", () => session.writeJson(ORDER_KEY, jobRows().map(jobIdOf)));
}
