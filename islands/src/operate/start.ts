/** Keyboard shortcuts, cursor, selection, palette and undo. Loaded after the first paint. */
import { isStatusType } from "../api/statuses";
import { isListPage } from "../dom";
import { type JobEvents, onEvent } from "../events";
import { wireBindings } from "../keys/bindings";
import { isCommandId } from "../keys/keymap";
import { wireKeys } from "../keys/listen";
import { onHtmx } from "../page/htmx-events";
import { wireBar } from "./bar";
import { wireCheckboxes } from "./checkboxes";
import { runCommand } from "./commands";
import { rememberJob, wireCursor } from "./cursor";
import { showDeletionNotice, wireDeletionNotice } from "./deletion-notice";
import { wireHints } from "./key-hints";
import { asChangedJob, rememberChange } from "./last-change";
import { wireRecent } from "./palette-recent";
import { pageJob } from "./rows";
import { announceResult } from "./set-status";
import { prepareToasts } from "./toast";

function onClick({ target }: Event): void {
  const id = target instanceof Element ? target.closest<HTMLElement>("[data-run]")?.dataset["run"] : undefined;
  if (isCommandId(id)) runCommand(id);
}

/** Changes in a job's own dropdown are reported and can be undone like any other. */
function onStatusChanged({ job, handled }: JobEvents["job:status-changed"]): void {
  if (handled || !isStatusType(job.current_status)) return;
  rememberChange([asChangedJob(job)]);
  announceResult([job], [], job.current_status);
}

export function start(): void {
  prepareToasts();
  onHtmx("htmx:after:swap", prepareToasts);
  if (isListPage()) {
    wireCursor();
    wireCheckboxes();
    wireBar();
  }
  const job = pageJob();
  if (job) {
    rememberJob(job.id);
    wireDeletionNotice(job);
  }
  wireRecent(job);
  showDeletionNotice();
  wireBindings();
  wireKeys(runCommand);
  document.addEventListener("click", onClick);
  onEvent("job:status-changed", onStatusChanged);
  wireHints();
}
