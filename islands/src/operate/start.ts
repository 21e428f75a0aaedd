/** Keys, selection, undo: what makes the readable page a place to work. Loaded after the first paint. */
import { isStatusType } from "../api/statuses";
import type { JobEvents } from "../events";
import { wireBindings } from "../keys/bindings";
import { isCommandId } from "../keys/keymap";
import { wireKeys } from "../keys/listen";
import { onHtmx } from "../page/htmx-events";
import { wireBar } from "./bar";
import { runCommand } from "./commands";
import { rememberJob, wireCursor } from "./cursor";
import { showFarewell, wireFarewell } from "./farewell";
import { wireHints } from "./hints";
import { asChanged, rememberChange } from "./last-change";
import { wirePicks } from "./picks";
import { isListPage, pageJob } from "./rows";
import { tell } from "./set-status";
import { prepareToasts } from "./toast";

function onClick({ target }: Event): void {
  const id = target instanceof Element ? target.closest<HTMLElement>("[data-run]")?.dataset["run"] : undefined;
  if (isCommandId(id)) runCommand(id);
}

/** A choice in a job's own dropdown is a change like any other. */
function onStatusChanged(event: Event): void {
  const { job, told } = (event as CustomEvent<JobEvents["job:status-changed"]>).detail;
  if (told || !isStatusType(job.current_status)) return;
  rememberChange([asChanged(job)]);
  tell([job], [], job.current_status);
}

export function start(): void {
  prepareToasts();
  onHtmx("htmx:after:swap", prepareToasts);
  if (isListPage()) {
    wireCursor();
    wirePicks();
    wireBar();
  }
  const job = pageJob();
  if (job) {
    rememberJob(job.id);
    wireFarewell(job);
  }
  showFarewell();
  wireBindings();
  wireKeys(runCommand);
  document.addEventListener("click", onClick);
  document.addEventListener("job:status-changed", onStatusChanged);
  wireHints();
}
