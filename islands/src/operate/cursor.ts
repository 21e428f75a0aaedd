/** The cursor: the row that keys act on, where the focus is or last was. It stays with its job through every swap. */
import { isId } from "../api/exact";
import { jobIdOf, jobRows, rowOf, rowWith } from "../dom";
import { onHtmx } from "../page/htmx-events";
import { focusTable, holdsTable } from "../page/table";
import { session } from "../storage";
import { rowLink } from "./rows";

const STORAGE_KEY = "job-dashboard:cursor";
const LEFT_JOB_PAGE = "job-dashboard:left-from-job";

let id: string | undefined;
let index = 0;
let focusWasOnRow = false;
let pagingLink: Element | undefined;

export function cursorRow(): HTMLTableRowElement | null {
  return id === undefined ? null : rowOf(id);
}

function mark(row: HTMLTableRowElement | null): void {
  for (const marked of document.querySelectorAll("#job-table tr[aria-current]")) {
    if (marked !== row) marked.removeAttribute("aria-current");
  }
  if (!row) return;
  row.setAttribute("aria-current", "true");
  id = jobIdOf(row);
  index = jobRows().indexOf(row);
  session.writeJson(STORAGE_KEY, id);
}

/** The cursor is the focus on the job's link, so that keys act on what a screen reader reads. */
export function moveTo(row: HTMLTableRowElement | undefined | null): boolean {
  if (!row) return false;
  mark(row);
  rowLink(row)?.focus();
  return true;
}

/** Without a cursor, moves down to the first row or up to the last one. */
export function step(by: 1 | -1): boolean {
  const rows = jobRows();
  const row = cursorRow();
  if (!row) return moveTo(rows.at(by === 1 ? 0 : -1));
  const focused = row.contains(document.activeElement);
  const next = rows[rows.indexOf(row) + by];
  return moveTo(next ?? (focused ? undefined : row)) || rows.length > 0;
}

/** Moves the focus to the cursor's row, or else to the table, when the focused element is gone. */
export function focusCursor(): void {
  if (!moveTo(cursorRow())) focusTable();
}

/** After the swap caused by this link, the cursor moves to the first row. */
export function expectNewPage(link: Element): void {
  pagingLink = link;
}

/** If the cursor's job has left the table, the cursor moves to the job in its place. */
function restoreAfterSwap(isNewPage: boolean): void {
  if (id === undefined && !isNewPage) return;
  const rows = jobRows();
  const row = isNewPage ? rows[0] : (cursorRow() ?? rows[Math.min(index, rows.length - 1)]);
  const isLost = focusWasOnRow && !rowWith(document.activeElement ?? document.body);
  if (row && (isNewPage || isLost) && !isInUse(document.activeElement)) moveTo(row);
  else mark(row ?? null);
}

/** The user types there; if the focus moved, each letter would run a command. */
function isInUse(focused: Element | null): boolean {
  const inUse = `dialog, [popover], [aria-expanded="true"], input:not([type=checkbox]), select, textarea`;
  return Boolean(focused?.closest(inUse));
}

/** Called on a job's own page: the list opened next puts the cursor on this job. */
export function rememberJob(id: string): void {
  session.writeJson(STORAGE_KEY, id);
  session.writeJson(LEFT_JOB_PAGE, true);
}

/** Takes the focus and scrolls only when coming back from a job's page. Otherwise the list opens at its top. */
function restoreCursor(row: HTMLTableRowElement): void {
  mark(row);
  if (session.readJson(LEFT_JOB_PAGE) !== true || document.activeElement !== document.body) return;
  rowLink(row)?.focus({ preventScroll: true });
  const { top, bottom } = row.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) row.scrollIntoView({ block: "center" });
}

export function wireCursor(): void {
  const stored = session.readJson(STORAGE_KEY);
  const row = isId(stored) ? rowOf(stored) : null;
  if (row) restoreCursor(row);
  session.writeJson(LEFT_JOB_PAGE, false);
  document.addEventListener("focusin", ({ target }) => {
    const row = target instanceof Element ? rowWith(target) : null;
    if (row) mark(row);
  });
  onHtmx("htmx:before:swap", () => {
    focusWasOnRow = rowWith(document.activeElement ?? document.body) !== null;
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    if (!holdsTable(ctx.target)) return;
    const isNewPage = ctx.sourceElement === pagingLink;
    if (isNewPage) pagingLink = undefined;
    restoreAfterSwap(isNewPage);
  });
}
