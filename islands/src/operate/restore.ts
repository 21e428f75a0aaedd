/** The buttons of the trash, and of the page of a deleted job. */
import { bulkRestore } from "../api/bulk";
import type { Job } from "../api/types";
import { emit } from "../events";
import { focusAfterDeletion } from "../page/deletion";
import { failuresOf, resultsOf, runBulk } from "./batch";
import { NO_JOB_SELECTED } from "./messages";
import type { JobRef } from "./rows";
import { enqueue } from "./serial-queue";
import { showToast } from "./toast";
import { undoMessage } from "./undo-messages";

/** Restores the job of the button; without an id, it is the button for the selected ones. */
export function restoreChosen(button: HTMLElement): Promise<void> {
  const chosen = button.dataset["restore"]
    ? [button]
    : [...document.querySelectorAll<HTMLElement>("#trash-table tr:has(:checked) [data-restore]")];
  const jobs = chosen.map(({ dataset }) => ({ id: dataset["restore"] ?? "", name: dataset["jobName"] ?? "" }));
  return enqueue(async () => {
    if (jobs.length === 0) return showToast({ text: NO_JOB_SELECTED });
    const outcomes = await runBulk<JobRef, Job>(jobs, bulkRestore(jobs.map(({ id }) => id)));
    const restored = resultsOf(outcomes);
    const failures = failuresOf(outcomes);
    // The page of a deleted job is now that of a job.
    if (restored.length > 0 && !button.closest("#trash-table")) return location.reload();
    showToast({ ...undoMessage("undo", "deletion", restored, failures, true), sticky: failures.length > 0 });
    if (restored.length > 0) focusAfterDeletion(button);
    emit("jobs:restored", {});
  });
}
