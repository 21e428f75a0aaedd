/** The implementation of each command. Returns false if there is nothing to do. */
import { STATUS_TYPES, STATUSES } from "../api/statuses";
import type { StatusType } from "../api/types";
import { isListPage, isReadOnly, jobRows } from "../dom";
import { openHelp } from "../keys/help";
import { type CommandId, KEYMAP } from "../keys/keymap";
import type { Press } from "../keys/listen";
import { jobCount } from "../page/job-count";
import { askIfElsewhere } from "./ask-first";
import { extend, toggleCursor, togglePage } from "./checkboxes";
import { compareSelected } from "./compare";
import { copyJobs } from "./copy-jobs";
import { leaveField } from "./created";
import { cursorRow, moveTo } from "./cursor";
import { askToDelete } from "./delete-jobs";
import { describeJobs } from "./describe";
import { exportJobs } from "./export-jobs";
import { showHint } from "./hints";
import { JOB_DELETED, NO_JOB_SELECTED, READ_ONLY, RENAME_ONE } from "./messages";
import { clickLink, focusField, goBack, goHome, goToJob, goToPage, goToStatus, runSearch, sortBy } from "./navigation";
import { forgetEnd, moveCursor } from "./page-ends";
import { openPalette } from "./palette";
import { isChange } from "./palette-available";
import { closePeek, enterPeek, togglePeek } from "./peek-open";
import { askToRename } from "./rename";
import { rowLink } from "./rows";
import { openView } from "./saved-views";
import { saveView, updateView } from "./saved-views-save";
import { clearSelection, selectedCount } from "./selection";
import { setStatuses } from "./set-status";
import { bringTargetBack, goneTargets, targets } from "./targets";
import { closeToast, hasToastFocus, showToast } from "./toast";
import { redoLast, undoLast } from "./undo";
import { showWatched, watchTargets, watchView } from "./watch-open";

type ByStatus = { [Status in StatusType as `set-${Status}` | `go-${Status}`]: () => boolean };

function forEachStatus(): ByStatus {
  const pairs = STATUS_TYPES.flatMap((status) => [
    [`set-${status}`, () => set(status)],
    [`go-${status}`, () => goToStatus(status)],
  ]);
  return Object.fromEntries(pairs) as ByStatus;
}

function set(status: StatusType): boolean {
  const jobs = targets();
  const question = `Set ${jobCount(jobs.length)} to ${STATUSES[status].label}?`;
  if (jobs.length === 0) reportNoTarget();
  else if (bringTargetBack()) showHint(`${describeJobs(jobs)} was out of sight. Press the key again to change it.`);
  else if (isListPage()) askIfElsewhere(`set-${status}`, jobs, question, () => void setStatuses(jobs, status));
  else void setStatuses(jobs, status);
  return true;
}

/** The buttons of jobs that others have deleted are disabled. */
function remove(): boolean {
  const gone = new Set(goneTargets().map(({ id }) => id));
  const jobs = targets();
  const left = jobs.filter(({ id }) => !gone.has(id));
  if (gone.size > 0 && left.length === 0) showHint(JOB_DELETED);
  else if (!askToDelete(left)) reportNoTarget();
  return true;
}

function reportNoTarget(): void {
  showToast({ text: NO_JOB_SELECTED });
}

function extendBy(by: 1 | -1, count = 1): boolean {
  for (let step = 1; step < Math.min(count, jobRows().length); step += 1) extend(by);
  return extend(by);
}

function open(): boolean {
  const row = cursorRow();
  const link = row && rowLink(row);
  link?.click();
  return Boolean(link);
}

/**
 * Escape closes a focused toast, or else the peek, or else clears the selection, or else closes any notification. Only a key
 * says whether it repeats: the button and the palette mean the selection.
 */
function clear({ repeat }: Press): boolean {
  if (hasToastFocus()) return closeToast();
  if (repeat !== undefined && closePeek()) return true;
  if (selectedCount() === 0) return closeNotification();
  clearSelection();
  return true;
}

/** A toast, or else the banner. */
function closeNotification(): boolean {
  return closeToast() || clickLink("#banner:not([hidden]) [aria-label]");
}

function rename(): boolean {
  const [job, ...others] = targets();
  if (!job) reportNoTarget();
  else if (goneTargets().length > 0) showHint(JOB_DELETED);
  else if (others.length > 0) showToast({ text: RENAME_ONE });
  else askToRename(job);
  return true;
}

function always(run: () => void): boolean {
  run();
  return true;
}

type ByView = { [Id in CommandId as Id extends `go-view-${string}` ? Id : never]: () => boolean };

function forEachView(): ByView {
  const ids = KEYMAP.map(({ id }) => id).filter((id) => id.startsWith("go-view-"));
  return Object.fromEntries(ids.map((id) => [id, () => openView(id)])) as ByView;
}

const COMMANDS: Record<CommandId, (press: Press) => boolean> = {
  ...forEachStatus(),
  ...forEachView(),
  "save-view": saveView,
  "update-view": updateView,
  "next-row": (press) => moveCursor(press.count ?? 1, press),
  "previous-row": (press) => moveCursor(-(press.count ?? 1), press),
  "first-row": () => moveTo(jobRows()[0]),
  "last-row": () => moveTo(jobRows().at(-1)),
  "run-search": runSearch,
  "enter-rows": () => moveTo(cursorRow() ?? jobRows()[0]),
  "leave-field": leaveField,
  open,
  peek: togglePeek,
  "enter-peek": enterPeek,
  compare: compareSelected,
  watch: watchTargets,
  "watch-view": watchView,
  watched: showWatched,
  "next-page": () => goToPage("next"),
  "previous-page": () => goToPage("previous"),
  "first-page": () => goToPage("first"),
  "last-page": () => goToPage("last"),
  "next-job": () => goToJob("next"),
  "previous-job": () => goToJob("prev"),
  back: goBack,
  toggle: toggleCursor,
  "extend-down": ({ count }) => extendBy(1, count),
  "extend-up": ({ count }) => extendBy(-1, count),
  "select-page": togglePage,
  clear,
  "close-toast": closeNotification,
  delete: remove,
  rename,
  "change-all": () => clickLink(".selection-bar:not([hidden]) a:has(kbd)") || clickLink("[data-change-all]"),
  undo: () => always(undoLast),
  redo: () => always(redoLast),
  "go-ALL": () => goToStatus("ALL"),
  "go-home": goHome,
  operations: () => clickLink("a[href='/operations/']"),
  trash: () => clickLink("a[href='/trash/']"),
  "sort-name": () => sortBy("name"),
  "sort-created": () => sortBy("created_at"),
  "sort-updated": () => sortBy("updated_at"),
  "copy-ids": () => copyJobs("id"),
  "copy-names": () => copyJobs("name"),
  "copy-links": () => copyJobs("link"),
  "copy-curl": () => copyJobs("curl"),
  "export-csv": () => exportJobs("csv"),
  "export-ndjson": () => exportJobs("ndjson"),
  search: () => focusField("#search"),
  create: () => focusField("create-job input"),
  // Opened synchronously, without a dynamic import: until the dialog is open, each typed letter would run a command.
  palette: () => always(() => openPalette(runCommand)),
  help: () => always(openHelp),
};

/** Commands after which the end of the page stays reported: the move that may go on, and the selection of the row. */
const AT_END = new Set<CommandId>(["next-row", "previous-row", "toggle"]);

export function runCommand(id: CommandId, press: Press = {}): boolean {
  if (!AT_END.has(id)) forgetEnd();
  if (isReadOnly() && isChange(id)) return always(() => showToast({ text: READ_ONLY }));
  return COMMANDS[id](press);
}
