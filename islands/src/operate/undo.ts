/** Undoes the last status change, job by job, except for jobs that have changed since. */
import { ApiError, isOutcomeUnknown } from "../api/errors";
import { statusLabel } from "../api/statuses";
import type { Job } from "../api/types";
import { undoStatus } from "../api/undo";
import { announce } from "../page/announcer";
import { failuresOf, resultsOf, runBatch } from "./batch";
import { displayJobs, refreshUncertain, showBusy } from "./displayed-jobs";
import { type Changed, lastChange, rememberChange } from "./last-change";
import { describeJobs, failureLines, isNotFound, truncateName } from "./messages";
import { enqueue } from "./serial-queue";
import { hasStickyToast, showToast } from "./toast";

const CONCURRENCY = 4;
type Failure = { item: Changed; error: unknown };

export function undoLast(): void {
  void enqueue(async () => {
    const jobs = lastChange();
    if (jobs.length === 0) {
      if (hasStickyToast()) announce("undo", "Nothing to undo");
      else showToast({ text: "Nothing to undo" });
      return;
    }
    rememberChange([]);
    showBusy(jobs, true);
    const outcomes = await runBatch(jobs, CONCURRENCY, ({ id, updatedAt }) => undoStatus(id, updatedAt));
    showBusy(jobs, false);
    const failures = failuresOf(outcomes);
    const retryable = failures.filter(({ error }) => !isNotFound(error) && !isConflict(error));
    rememberChange(retryable.map(({ item }) => item));
    const undone = resultsOf(outcomes);
    displayJobs(undone);
    refreshUncertain(failures.map(({ error }) => error));
    announceResult(undone, failures, retryable.length > 0);
  });
}

/** The job has changed since, so undo would revert that newer change. */
function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}

function announceResult(undone: readonly Job[], failures: readonly Failure[], mayRetry: boolean): void {
  const [only] = failures;
  const alone = only && failures.length === 1 && !mayRetry ? only : undefined;
  showToast({
    text: [successText(undone), alone ? conflictText(alone) : failureText(failures)].filter(Boolean).join(" "),
    details: alone ? [] : failures.map(line),
    actions: mayRetry ? [{ label: "Retry", run: undoLast, command: "undo" }] : [],
    sticky: failures.length > 0,
  });
}

function successText(undone: readonly Job[]): string {
  const [only] = undone;
  if (!only) return "";
  if (undone.length === 1) return `${truncateName(only)} restored to ${statusLabel(only.current_status)}.`;
  return `Restored ${describeJobs(undone)}.`;
}

function conflictText({ item, error }: Failure): string {
  return `Can’t undo: ${truncateName(item)} ${isNotFound(error) ? "was deleted" : "has changed since"}.`;
}

function failureText(failures: readonly Failure[]): string {
  if (failures.length === 0) return "";
  const which = describeJobs(failures.map(({ item }) => item));
  const isUnknown = failures.every(({ error }) => isOutcomeUnknown(error));
  return isUnknown
    ? `Couldn’t confirm that ${which} ${failures.length === 1 ? "was" : "were"} restored.`
    : `Couldn’t restore ${which}.`;
}

function line(failure: Failure): string {
  return isConflict(failure.error)
    ? `${truncateName(failure.item)} has changed since.`
    : (failureLines([failure])[0] ?? "");
}
