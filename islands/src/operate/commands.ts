/** The implementation of each command. Returns false if there is nothing to do. */
import { STATUS_TYPES } from "../api/statuses";
import type { StatusType } from "../api/types";
import { jobRows } from "../dom";
import { openHelp } from "../keys/help";
import type { CommandId } from "../keys/keymap";
import { extend, toggleCursor, togglePage } from "./checkboxes";
import { cursorRow, moveTo, step } from "./cursor";
import { askToDelete } from "./delete-jobs";
import { leaveField } from "./leave-field";
import { NO_JOB_SELECTED, RENAME_ONE } from "./messages";
import { focusField, goBack, goHome, goToJob, goToPage, goToStatus } from "./navigation";
import { openPalette } from "./palette";
import { askToRename } from "./rename";
import { rowLink } from "./rows";
import { clearSelection, selectedCount } from "./selection";
import { setStatuses } from "./set-status";
import { targets } from "./targets";
import { closeToast, hasToastFocus, showToast } from "./toast";
import { redoLast, undoLast } from "./undo";

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
  if (jobs.length > 0) void setStatuses(jobs, status);
  else reportNoTarget();
  return true;
}

function remove(): boolean {
  if (!askToDelete(targets())) reportNoTarget();
  return true;
}

function reportNoTarget(): void {
  showToast({ text: NO_JOB_SELECTED });
}

function open(): boolean {
  const row = cursorRow();
  const link = row && rowLink(row);
  link?.click();
  return Boolean(link);
}

/** Escape closes a focused toast, or else clears the selection, or else closes any toast. */
function clear(): boolean {
  if (hasToastFocus()) return closeToast();
  if (selectedCount() === 0) return closeToast();
  clearSelection();
  return true;
}

function rename(): boolean {
  const [job, ...others] = targets();
  if (!job) reportNoTarget();
  else if (others.length > 0) showToast({ text: RENAME_ONE });
  else askToRename(job);
  return true;
}

function undo(): boolean {
  undoLast();
  return true;
}

function redo(): boolean {
  redoLast();
  return true;
}

/** Opens synchronously, without a dynamic import: until the dialog is open, each typed letter would run a command. */
function show(dialog: () => void): boolean {
  dialog();
  return true;
}

const COMMANDS: Record<CommandId, () => boolean> = {
  ...forEachStatus(),
  "next-row": () => step(1),
  "previous-row": () => step(-1),
  "first-row": () => moveTo(jobRows()[0]),
  "last-row": () => moveTo(jobRows().at(-1)),
  "enter-rows": () => moveTo(cursorRow() ?? jobRows()[0]),
  "leave-field": leaveField,
  open,
  "next-page": () => goToPage("next"),
  "previous-page": () => goToPage("previous"),
  "next-job": () => goToJob("next"),
  "previous-job": () => goToJob("prev"),
  back: goBack,
  toggle: toggleCursor,
  "extend-down": () => extend(1),
  "extend-up": () => extend(-1),
  "select-page": togglePage,
  clear,
  "close-toast": closeToast,
  delete: remove,
  rename,
  undo,
  redo,
  "go-ALL": () => goToStatus("ALL"),
  "go-home": goHome,
  search: () => focusField("#search"),
  create: () => focusField("create-job input"),
  palette: () => show(() => openPalette(runCommand)),
  help: () => show(openHelp),
};

export function runCommand(id: CommandId): boolean {
  return COMMANDS[id]();
}
