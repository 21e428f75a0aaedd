/** Whether a command can run now. A command of which nothing is known here can run wherever it applies. */
import { isJobPage, isReadOnly, jobRows } from "../dom";
import type { CommandId } from "../keys/keymap";
import { comparedIds } from "./compare";
import { cursorRow } from "./cursor";
import { shownSearch } from "./saved-views";
import { selectedCount } from "./selection";
import { readStack } from "./undo-storage";

const onPage = (selector: string) => document.querySelector(selector) !== null;

const NEEDS: readonly (readonly [commands: RegExp, canRun: (id: string) => boolean])[] = [
  [/-row$|^select-page$|^extend-/, () => jobRows().length > 0],
  [/^(open|toggle|peek)$/, () => cursorRow() !== null],
  [/^enter-peek$/, () => onPage("#job-peek:not([hidden])")],
  [/^change-all$/, () => selectedCount() > 0 || onPage("[data-change-all]")],
  [/^compare$/, () => comparedIds().length === 2],
  [/^watch-view$/, () => onPage("#job-panel")],
  [/^clear$/, () => selectedCount() > 0],
  // Without a selection, who asks for an export means the list.
  [/^export-/, () => selectedCount() > 0 || isJobPage()],
  [/^(first|previous|next|last)-page$/, (id) => onPage(`a#page-${id.replace("-page", "")}`)],
  [/^next-job$/, () => onPage('a[rel~="next"]')],
  [/^previous-job$/, () => onPage('a[rel~="prev"]')],
  [/^sort-/, () => onPage("#job-table thead a")],
  [/^search$/, () => onPage("#search")],
  [/^save-view$/, () => shownSearch() !== undefined],
  [/^update-view$/, () => onPage("[data-run=update-view]")],
  // The palette lists the views by name.
  [/^go-view-/, () => false],
  [/^change-all$/, () => onPage("[data-change-all]")],
  [/^create$/, () => onPage("create-job")],
  [/^undo$/, () => readStack().done.length > 0],
  [/^redo$/, () => readStack().undone.length > 0],
];

/** They need a job: a selected one, the cursor's, or that of the page. */
const FOR_JOBS = /^(set-|delete|rename|copy|export|watch$)/;
const CHANGES = /^(set-|delete|rename|create|undo|redo|save-view|update-view)/;

export const isForJobs = (id: CommandId) => FOR_JOBS.test(id);
export const isChange = (id: string) => CHANGES.test(id);

export function canRun(id: CommandId): boolean {
  if (isReadOnly() && (isChange(id) || id === "change-all")) return false;
  return NEEDS.every(([commands, can]) => !commands.test(id) || can(id));
}
