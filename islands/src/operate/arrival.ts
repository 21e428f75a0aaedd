/**
 * Where the cursor goes after each swap: to the first row of a new list or page, back to its row in an earlier entry of
 * the browser's history, and otherwise it stays with its job.
 */
import { jobRows, rowWith } from "../dom";
import { onEntryLeft } from "../page/history";
import { type HtmxRequestCtx, onHtmx } from "../page/htmx-events";
import { isHistoryRestore } from "../page/swappable";
import { focusTable, holdsTable, jobTable, listKey } from "../page/table";
import { cursorRow, hasCursor, mark, moveTo, rememberOrder, rowAfterRefresh, rowAt } from "./cursor";
import { placeOfEntry, savePlace } from "./places";
import { rowLink } from "./rows";

type End = "first" | "last";

let expected: End | undefined;
/** The requests that a command has started, and the row that the cursor moves to in their list. */
const commanded = new WeakMap<HtmxRequestCtx, End>();
let focusWasOnRow = false;
let shownList: string | undefined;

/** Called before a command opens another list or page: the focus moves to its first or last row. */
export function expectList(end: End = "first"): void {
  expected = end;
}

/** Whether the request opens another list or page, unlike one that refreshes the rows. */
export function opensList(ctx: HtmxRequestCtx): boolean {
  return holdsTable(ctx.target) && (Boolean(ctx.push) || commanded.has(ctx));
}

function adoptRequest(ctx: HtmxRequestCtx): void {
  if (expected === undefined || !holdsTable(ctx.target)) return;
  if (!ctx.push && ctx.sourceElement.id !== "job-search") return;
  commanded.set(ctx, expected);
  expected = undefined;
}

/** The user types there; if the focus moved, each letter would run a command. */
function isInUse(focused: Element | null): boolean {
  return Boolean(
    focused?.closest(`dialog, [popover], [aria-expanded="true"], input:not([type=checkbox]), select, textarea`),
  );
}

function arrive(ctx: HtmxRequestCtx): void {
  const end = commanded.get(ctx);
  const row = jobRows().at(end === "last" ? -1 : 0) ?? null;
  if (end !== "last") scrollToTop();
  if (end === undefined && !hasCursor()) return;
  if ((end !== undefined || focusWasOnRow) && !isInUse(document.activeElement)) moveTo(row) || focusEmptyList();
  else mark(row);
}

/**
 * The browser keeps a row that the swap has moved where it was in the window, and so scrolls away again before the next
 * frame. Keys that have waited for the list may have moved the cursor by then.
 */
function scrollToTop(): void {
  scrollTo(0, 0);
  requestAnimationFrame(() => {
    scrollTo(0, 0);
    const row = cursorRow();
    if (row?.contains(document.activeElement)) row.scrollIntoView({ block: "nearest" });
  });
}

/** A search that was not understood is corrected in its field. */
function focusEmptyList(): void {
  const field = document.querySelector<HTMLElement>("#search");
  if (jobTable()?.dataset["doubted"] !== undefined && field) field.focus();
  else focusTable();
}

function refresh(): void {
  const row = rowAfterRefresh();
  const isLost = focusWasOnRow && !rowWith(document.activeElement ?? document.body);
  if (row && isLost && !isInUse(document.activeElement)) moveTo(row);
  else mark(row);
}

/** The browser restores the scroll position too, but not always after the rows. */
function restore(): void {
  const place = placeOfEntry();
  const row = place?.position ? rowAt(place.position) : null;
  if (row) {
    mark(row);
    if (!isInUse(document.activeElement)) rowLink(row)?.focus({ preventScroll: true });
  } else refresh();
  if (place) scrollTo(0, place.scroll);
}

export function wireArrival(): void {
  shownList = listKey();
  onEntryLeft(savePlace);
  onHtmx("htmx:before:request", ({ detail: { ctx } }) => adoptRequest(ctx));
  onHtmx("htmx:before:swap", ({ detail: { ctx } }) => {
    const focused = document.activeElement ?? document.body;
    focusWasOnRow = rowWith(focused) !== null || focused.closest("#banner") !== null; // on Retry
    if (holdsTable(ctx.target)) rememberOrder();
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    if (!holdsTable(ctx.target)) return;
    const list = listKey();
    const isNewList = list !== undefined && list !== shownList;
    shownList = list ?? shownList;
    if (isHistoryRestore(ctx)) restore();
    else if (isNewList || opensList(ctx)) arrive(ctx);
    else refresh();
  });
}
