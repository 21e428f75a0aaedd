/** Whether a command can run now. A command of which nothing is known here can run wherever it applies. */
import { isJobPage, jobRows } from "../dom";
import type { CommandId } from "../keys/keymap";
import { cursorRow } from "./cursor";
import { selectedCount } from "./selection";
import { readStack } from "./undo-storage";

const onPage = (selector: string) => document.querySelector(selector) !== null;

const NEEDS: readonly (readonly [commands: RegExp, canRun: (id: string) => boolean])[] = [
  [/-row$/, () => jobRows().length > 0],
  [/^select-page$/, () => jobRows().length > 0],
  [/^(open|toggle)$/, () => cursorRow() !== null],
  [/^clear$/, () => selectedCount() > 0],
  // Without a selection, who asks for an export means the list.
  [/^export-/, () => selectedCount() > 0 || isJobPage()],
  [/^(first|previous|next|last)-page$/, (id) => onPage(`a#page-${id.replace("-page", "")}`)],
  [/^next-job$/, () => onPage('a[rel~="next"]')],
  [/^previous-job$/, () => onPage('a[rel~="prev"]')],
  [/^sort-/, () => onPage("#job-table thead a")],
  [/^search$/, () => onPage("#search")],
  [/^create$/, () => onPage("create-job")],
  [/^undo$/, () => readStack().done.length > 0],
  [/^redo$/, () => readStack().undone.length > 0],
];

/** They need a job: a selected one, the cursor's, or that of the page. */
const FOR_JOBS = /^(set-|delete|rename|copy|export)/;
const CHANGES = /^(set-|delete|rename|create|undo|redo)/;

export const isForJobs = (id: CommandId) => FOR_JOBS.test(id);
export const isChange = (id: string) => CHANGES.test(id);

export function canRun(id: CommandId): boolean {
  return NEEDS.every(([commands, can]) => !commands.test(id) || can(id));
}
