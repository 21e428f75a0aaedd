/** The checkboxes in the rows show and change the selection, which outlives the rows. */
import { afterPaint, jobIdOf, jobRows, rowOf, rowWith } from "../dom";
import { onEvent } from "../events";
import { announce } from "../page/announcer";
import { onHtmx } from "../page/htmx-events";
import { holdsTable } from "../page/table";
import { bringBack, cursorRow, moveTo } from "./cursor";
import { showHint } from "./hints";
import { JOB_DELETED, selectionLimit } from "./messages";
import { isEndReported, moveCursor, repeatReport, reportEnd } from "./page-ends";
import { isGone, jobOf } from "./rows";
import { deselect, isSelected, MAX_SELECTED, onSelection, select, selectedCount, selectedJobs } from "./selection";
import { showToast } from "./toast";

const ROW_CHECKBOX = "input[data-select]";
const PAGE_CHECKBOX = "input[data-select-page]";

/** As many rows as are shown as selected before a paint: the browser computes the styles of all their parts again. */
const ROWS_AT_ONCE = 25;

let anchor: string | undefined;
let shift = false;

const boxIn = (row: Element) => row.querySelector<HTMLInputElement>(ROW_CHECKBOX);

function showSelected(row: Element, on: boolean): void {
  const box = boxIn(row);
  if (box) box.checked = on;
  row.toggleAttribute("data-selected", on);
}

function showSelection(): void {
  const rows = jobRows();
  const count = rows.filter((row) => isSelected(jobIdOf(row))).length;
  showInSteps(rows.filter((row) => isSelected(jobIdOf(row)) !== row.hasAttribute("data-selected")));
  const page = document.querySelector<HTMLInputElement>(PAGE_CHECKBOX);
  if (!page) return;
  page.checked = count > 0 && count === rows.length;
  page.indeterminate = count > 0 && count < rows.length;
}

/** What is in sight first, and the rest after the next paint, if it still differs. */
function showInSteps(rows: readonly Element[]): void {
  const isMany = rows.length > ROWS_AT_ONCE;
  const ordered = isMany ? rows.toSorted((one, other) => Number(isInSight(other)) - Number(isInSight(one))) : rows;
  for (const row of ordered.slice(0, ROWS_AT_ONCE)) showSelected(row, isSelected(jobIdOf(row)));
  if (isMany) void afterPaint().then(showSelection);
}

function isInSight(row: Element): boolean {
  const { top, bottom } = row.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

function setSelected(rows: readonly Element[], on: boolean): void {
  const jobs = (on ? rows.filter((row) => !isGone(row)) : rows).map(jobOf);
  if (!on) deselect(jobs.map(({ id }) => id));
  else if (!select(jobs)) showToast({ text: selectionLimit(MAX_SELECTED) });
}

/** From the last toggled row to this one. */
function setRangeSelected(row: Element, on: boolean): void {
  const rows = jobRows();
  const ends = [rows.indexOf(row as HTMLTableRowElement), rows.findIndex((row) => jobIdOf(row) === anchor)];
  const [from = 0, to = 0] = ends.includes(-1) ? [ends[0], ends[0]] : ends.sort((a, b) => a - b);
  setSelected(rows.slice(from, to + 1), on);
}

/** The selection before a range is dragged. */
let before: ReadonlySet<string> = new Set();

export function beginRange(): void {
  before = new Set(selectedJobs().map(({ id }) => id));
}

/** Selects the rows from one to the other, or unselects them; rows beside them are as they were before. */
export function dragRange(from: HTMLTableRowElement, to: HTMLTableRowElement, on: boolean): void {
  const rows = jobRows();
  const [start = 0, end = 0] = [rows.indexOf(from), rows.indexOf(to)].sort((a, b) => a - b);
  const isInside = (_: Element, index: number) => index >= start && index <= end;
  const wanted = rows.filter((row, index) => (isInside(row, index) ? on : before.has(jobIdOf(row))));
  setSelected(
    rows.filter((row) => !wanted.includes(row)),
    false,
  );
  setSelected(wanted, true);
  anchor = jobIdOf(from);
}

export function toggleCursor(): boolean {
  const row = cursorRow();
  if (!row) return false;
  const on = !isSelected(jobIdOf(row));
  bringBack();
  if (isGone(row)) showHint(JOB_DELETED);
  // Who selects row by row does not notice at the end that the cursor has not moved.
  else if (!on && isEndReported()) repeatReport();
  else {
    anchor = jobIdOf(row);
    setSelected([row], on);
  }
  return true;
}

/** Extends the selection by one row; moving back toward the anchor deselects the row that is left. */
export function extend(by: 1 | -1): boolean {
  const from = cursorRow();
  if (!from) return moveCursor(by);
  const rows = jobRows();
  const here = rows.indexOf(from);
  const to = rows[here + by];
  if (!isSelected(jobIdOf(from)) || anchor === undefined || !rowOf(anchor)) anchor = jobIdOf(from);
  const start = rows.findIndex((row) => jobIdOf(row) === anchor);
  const returning = to !== undefined && Math.sign(start - here) === by;
  if (returning) setSelected([from], false);
  setSelected(to ? (returning ? [to] : [from, to]) : [from], true);
  if (!moveTo(to)) reportEnd(by > 0 ? "next" : "previous");
  return true;
}

export function togglePage(): boolean {
  const rows = jobRows();
  if (rows.length === 0) return false;
  setSelected(rows, !rows.every((row) => isGone(row) || isSelected(jobIdOf(row))));
  return true;
}

function onChange({ target }: Event): void {
  if (!(target instanceof HTMLInputElement)) return;
  if (target.matches(PAGE_CHECKBOX)) {
    setSelected(jobRows(), target.checked);
    showSelection();
  }
  const row = target.matches(ROW_CHECKBOX) ? rowWith(target) : null;
  if (!row) return;
  if (shift && anchor !== undefined) setRangeSelected(row, target.checked);
  else setSelected([row], target.checked);
  target.checked = isSelected(jobIdOf(row)); // not beyond the limit
  anchor = jobIdOf(row);
}

/** Also selects what was checked before this script loaded. */
function adoptChecked(): void {
  setSelected(
    jobRows().filter((row) => boxIn(row)?.checked),
    true,
  );
  showSelection();
}

export function wireCheckboxes(): void {
  adoptChecked();
  for (const type of ["pointerdown", "keydown"] as const) {
    document.addEventListener(type, (event) => {
      shift = event.shiftKey;
    });
  }
  document.addEventListener("change", onChange);
  onEvent("jobs:updated", () => deselect(jobRows().filter(isGone).map(jobIdOf)));
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    if (holdsTable(ctx.target)) showSelection();
  });
  onSelection((how) => {
    showSelection();
    if (how !== "dropped")
      announce("selection", selectedCount() === 0 ? "Nothing selected" : `${selectedCount()} selected`);
  });
}
