/** Keyboard shortcuts, cursor, selection, palette and undo. Loaded after the first paint. */
import { isStatusType } from "../api/statuses";
import { isListPage } from "../dom";
import { type JobEvents, onEvent } from "../events";
import { wireBindings } from "../keys/bindings";
import { isCommandId } from "../keys/keymap";
import { wireKeys } from "../keys/listen";
import { onHtmx } from "../page/htmx-events";
import { wireArrival } from "./arrival";
import { wireBar } from "./bar";
import { wireCheckboxes } from "./checkboxes";
import { runCommand } from "./commands";
import { rememberJob, wireCursor } from "./cursor";
import { showDeletionNotice, wireDeletionNotice } from "./deletion-notice";
import { wireHints } from "./hints";
import { wireControlHints } from "./key-hints";
import { asChangedJob, rememberChange } from "./last-change";
import { pageJob } from "./rows";
import { wireSelectionScope } from "./selection-scope";
import { announceResult } from "./set-status";
import { prepareToasts } from "./toast";
import { whenArrived, wireWaiting } from "./waiting";

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
    wireArrival();
    wireWaiting();
    wireSelectionScope();
    wireCheckboxes();
    wireBar();
  }
  const job = pageJob();
  if (job) {
    rememberJob(job.id);
    wireDeletionNotice(job);
  }
  showDeletionNotice();
  wireBindings();
  wireHints();
  wireKeys(whenArrived(runCommand));
  document.addEventListener("click", onClick);
  onEvent("job:status-changed", onStatusChanged);
  wireControlHints();
}
