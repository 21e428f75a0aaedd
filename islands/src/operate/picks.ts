/** The checkboxes show the selection and change it; the rows may come and go under it. */
import type { JobEvents } from "../events";
import { announce } from "../page/announcer";
import { onHtmx } from "../page/htmx-events";
import { holdsTable } from "../page/table";
import { cursorRow, moveTo, step } from "./cursor";
import { jobOf, jobRows, rowOf, rowWith } from "./rows";
import { choose, chosenCount, isChosen, MOST, onSelection, unchoose } from "./selection";
import { showToast } from "./toast";

const PICK = "input[data-pick]";
const PICK_PAGE = "input[data-pick-page]";

let anchor: string | undefined;
let shift = false;

const boxIn = (row: Element) => row.querySelector<HTMLInputElement>(PICK);

export function showPicks(): void {
  const rows = jobRows();
  let picked = 0;
  for (const row of rows) {
    const on = isChosen(jobOf(row).id);
    const box = boxIn(row);
    if (box) box.checked = on;
    row.toggleAttribute("data-picked", on);
    if (on) picked += 1;
  }
  const page = document.querySelector<HTMLInputElement>(PICK_PAGE);
  if (!page) return;
  page.checked = picked > 0 && picked === rows.length;
  page.indeterminate = picked > 0 && picked < rows.length;
}

function pick(rows: readonly Element[], on: boolean): void {
  const jobs = rows.map(jobOf);
  if (!on) unchoose(jobs.map(({ id }) => id));
  else if (!choose(jobs)) showToast({ text: `At most ${MOST} jobs can be selected.` });
  showPicks();
}

/** From where the last choice was made to here. */
function pickRange(row: Element, on: boolean): void {
  const rows = jobRows();
  const ends = [rows.indexOf(row as HTMLTableRowElement), rows.findIndex(({ id }) => id === `job-${anchor}`)];
  const [from = 0, to = 0] = ends.includes(-1) ? [ends[0], ends[0]] : ends.sort((a, b) => a - b);
  pick(rows.slice(from, to + 1), on);
}

export function toggleCursor(): boolean {
  const row = cursorRow();
  if (!row) return false;
  anchor = jobOf(row).id;
  pick([row], !isChosen(anchor));
  return true;
}

/** One row further; back towards where it began, what is left behind is given up. */
export function extend(by: 1 | -1): boolean {
  const from = cursorRow();
  if (!from) return step(by);
  const rows = jobRows();
  const here = rows.indexOf(from);
  const to = rows[here + by];
  if (!isChosen(jobOf(from).id) || anchor === undefined || !rowOf(anchor)) anchor = jobOf(from).id;
  const begin = rows.findIndex(({ id }) => id === `job-${anchor}`);
  const returning = to !== undefined && Math.sign(begin - here) === by;
  if (returning) pick([from], false);
  pick(to ? (returning ? [to] : [from, to]) : [from], true);
  moveTo(to);
  return true;
}

export function togglePage(): boolean {
  const rows = jobRows();
  if (rows.length === 0) return false;
  pick(rows, !rows.every((row) => isChosen(jobOf(row).id)));
  return true;
}

function onChange({ target }: Event): void {
  if (!(target instanceof HTMLInputElement)) return;
  if (target.matches(PICK_PAGE)) pick(jobRows(), target.checked);
  const row = target.matches(PICK) ? rowWith(target) : null;
  if (!row) return;
  if (shift && anchor !== undefined) pickRange(row, target.checked);
  else pick([row], target.checked);
  anchor = jobOf(row).id;
}

/** What was ticked before this script came is chosen too. */
function adopt(): void {
  pick(
    jobRows().filter((row) => boxIn(row)?.checked),
    true,
  );
}

export function wirePicks(): void {
  adopt();
  for (const type of ["pointerdown", "keydown"] as const) {
    document.addEventListener(type, (event) => {
      shift = event.shiftKey;
    });
  }
  document.addEventListener("change", onChange);
  document.addEventListener("job:deleted", (event) => {
    unchoose([(event as CustomEvent<JobEvents["job:deleted"]>).detail.id]);
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    if (holdsTable(ctx.target)) showPicks();
  });
  onSelection(() => {
    showPicks();
    announce("selection", chosenCount() === 0 ? "Nothing selected" : `${chosenCount()} selected`);
  });
}
