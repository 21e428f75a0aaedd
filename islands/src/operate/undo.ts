/** Undoes the last status change, job by job, except for jobs that have changed since. */
import { isConflict, isNotFound } from "../api/errors";
import { undoStatus } from "../api/undo";
import { announce } from "../page/announcer";
import { failuresOf, resultsOf, runBatch } from "./batch";
import { displayJobs, refreshIfOutcomeUnknown, showBusy } from "./displayed-jobs";
import { lastChange, rememberChange } from "./last-change";
import { NOTHING_TO_UNDO, undoMessage } from "./messages";
import { enqueue } from "./serial-queue";
import { hasStickyToast, showToast } from "./toast";

export function undoLast(): void {
  void enqueue(async () => {
    const jobs = lastChange();
    if (jobs.length === 0) {
      if (hasStickyToast()) announce("undo", NOTHING_TO_UNDO);
      else showToast({ text: NOTHING_TO_UNDO });
      return;
    }
    rememberChange([]);
    showBusy(jobs, true);
    const outcomes = await runBatch(jobs, ({ id, updatedAt }) => undoStatus(id, updatedAt));
    showBusy(jobs, false);
    const failures = failuresOf(outcomes);
    const retryable = failures.filter(({ error }) => !isNotFound(error) && !isConflict(error));
    rememberChange(retryable.map(({ item }) => item));
    const undone = resultsOf(outcomes);
    displayJobs(undone);
    refreshIfOutcomeUnknown(failures.map(({ error }) => error));
    const mayRetry = retryable.length > 0;
    showToast({
      ...undoMessage(undone, failures, mayRetry),
      actions: mayRetry ? [{ label: "Retry", run: undoLast, command: "undo" }] : [],
      sticky: failures.length > 0,
    });
  });
}
