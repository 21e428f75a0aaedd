/** The row the keys act on: where the focus is or last was. It stays with its job through every swap. */
import { isId } from "../api/exact";
import { onHtmx } from "../page/htmx-events";
import { focusTable, holdsTable } from "../page/table";
import { jobRows, rowLink, rowOf, rowWith } from "./rows";
import { readStored, writeStored } from "./stored";

const STORED_AS = "cursor";
const LEFT_FROM = "left-from-job";

let id: string | undefined;
let index = 0;
let focusWasOnRow = false;
let turnedBy: Element | undefined;

export function cursorRow(): HTMLTableRowElement | null {
  return id === undefined ? null : rowOf(id);
}

function mark(row: HTMLTableRowElement | null): void {
  for (const marked of document.querySelectorAll("#job-table tr[aria-current]")) {
    if (marked !== row) marked.removeAttribute("aria-current");
  }
  if (!row) return;
  row.setAttribute("aria-current", "true");
  id = row.id.slice("job-".length);
  index = jobRows().indexOf(row);
  writeStored(STORED_AS, id);
}

/** Focus on the job's link is the cursor: what a screen reader reads is what the keys act on. */
export function moveTo(row: HTMLTableRowElement | undefined | null): boolean {
  if (!row) return false;
  mark(row);
  rowLink(row)?.focus();
  return true;
}

/** From nowhere, downwards is the first row and upwards the last. */
export function step(by: 1 | -1): boolean {
  const rows = jobRows();
  const row = cursorRow();
  if (!row) return moveTo(rows.at(by === 1 ? 0 : -1));
  const focused = row.contains(document.activeElement);
  const next = rows[rows.indexOf(row) + by];
  return moveTo(next ?? (focused ? undefined : row)) || rows.length > 0;
}

/** Where the focus goes when what had it is gone. */
export function focusCursor(): void {
  if (!moveTo(cursorRow())) focusTable();
}

/** The table that this link brings is another page: the cursor begins at its first job. */
export function beginPage(link: Element): void {
  turnedBy = link;
}

/** A job that has left gives the cursor to the one in its place. */
function follow(isNewPage: boolean): void {
  if (id === undefined && !isNewPage) return;
  const rows = jobRows();
  const row = isNewPage ? rows[0] : (cursorRow() ?? rows[Math.min(index, rows.length - 1)]);
  const isLost = focusWasOnRow && !rowWith(document.activeElement ?? document.body);
  if (row && (isNewPage || isLost) && !isInUse(document.activeElement)) moveTo(row);
  else mark(row ?? null);
}

/** Somebody types there by now: each letter would become a command. */
function isInUse(focused: Element | null): boolean {
  return Boolean(focused?.closest("dialog, [popover], input:not([type=checkbox]), select, textarea"));
}

/** On a job's own page: the list that comes next begins there. */
export function rememberJob(id: string): void {
  writeStored(STORED_AS, id);
  writeStored(LEFT_FROM, true);
}

/** Only on the way back from a job does the list take focus and scroll: else it opens as any page does, from its top. */
function comeBack(row: HTMLTableRowElement): void {
  mark(row);
  if (readStored(LEFT_FROM) !== true || document.activeElement !== document.body) return;
  rowLink(row)?.focus({ preventScroll: true });
  const { top, bottom } = row.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) row.scrollIntoView({ block: "center" });
}

export function wireCursor(): void {
  const stored = readStored(STORED_AS);
  const row = isId(stored) ? rowOf(stored) : null;
  if (row) comeBack(row);
  writeStored(LEFT_FROM, false);
  document.addEventListener("focusin", ({ target }) => {
    const row = target instanceof Element ? rowWith(target) : null;
    if (row) mark(row);
  });
  onHtmx("htmx:before:swap", () => {
    focusWasOnRow = rowWith(document.activeElement ?? document.body) !== null;
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    if (!holdsTable(ctx.target)) return;
    const isNewPage = ctx.sourceElement === turnedBy;
    if (isNewPage) turnedBy = undefined;
    follow(isNewPage);
  });
}
