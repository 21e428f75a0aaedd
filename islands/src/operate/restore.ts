/** The buttons of the trash, and of the page of a deleted job. */
import { bulkRestore } from "../api/bulk";
import { isNotFound } from "../api/errors";
import type { Job } from "../api/types";
import { emit } from "../events";
import { focusAfterDeletion } from "../page/deletion";
import { failuresOf, resultsOf, runBulk } from "./batch";
import { NO_JOB_SELECTED } from "./messages";
import type { JobRef } from "./rows";
import { enqueue } from "./serial-queue";
import { showToast } from "./toast";
import { undoMessage } from "./undo-messages";

/** Restores the job of the button; without an id, it is the button for the selected ones, or the one that selects all. */
export function restoreChosen(button: HTMLElement): Promise<void> | undefined {
  if (button.dataset["restore"] === "all") return selectAll();
  const chosen = button.dataset["restore"]
    ? [button]
    : [...document.querySelectorAll<HTMLElement>("#trash-table tr:has(:checked) [data-restore]")];
  const jobs = chosen.map(({ dataset }) => ({ id: dataset["restore"] ?? "", name: dataset["jobName"] ?? "" }));
  return restore(jobs, button);
}

/** Or none, if all are selected. */
function selectAll(): undefined {
  const boxes = [...document.querySelectorAll<HTMLInputElement>("#trash-table input")];
  const on = boxes.some(({ checked }) => !checked);
  for (const box of boxes) box.checked = on;
}

const restorationOf = ({ id }: { id: string }) => `restoration ${id}`;

/** What an earlier attempt has said of these jobs goes away. */
function restore(jobs: readonly JobRef[], button: HTMLElement): Promise<void> {
  return enqueue(async () => {
    if (jobs.length === 0) return showToast({ text: NO_JOB_SELECTED });
    const outcomes = await runBulk<JobRef, Job>(jobs, bulkRestore(jobs.map(({ id }) => id)));
    const restored = resultsOf(outcomes);
    const failures = failuresOf(outcomes);
    // The page of a deleted job is now that of a job.
    if (restored.length > 0 && !button.closest("#trash-table")) return location.reload();
    const again = failures.filter(({ error }) => !isNotFound(error)).map(({ item }) => item);
    showToast({
      ...undoMessage("undo", "deletion", restored, failures, true),
      actions: again.length > 0 ? [{ label: "Retry", run: () => void restore(again, button) }] : [],
      sticky: failures.length > 0,
      failed: failures.map(({ item }) => restorationOf(item)),
      resolved: jobs.map(restorationOf),
    });
    if (restored.length > 0) focusAfterDeletion(button);
    emit("jobs:restored", {});
  });
}
