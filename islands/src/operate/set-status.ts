/** Sets the status of one or more jobs, and reports the outcome. */
import { bulkSetStatus } from "../api/bulk";
import { setStatus } from "../api/client";
import { ApiError, isNotFound, isOutcomeUnknown } from "../api/errors";
import type { Job, StatusType } from "../api/types";
import { failuresOf, type JobFailure, type Outcome, resultsOf, runBatch } from "./batch";
import { displayedState, displayedVersions, displayJobs, refreshIfOutcomeUnknown, showBusy } from "./displayed-jobs";
import { asChangedJob, rememberChange } from "./last-change";
import { statusMessage } from "./messages";
import type { JobRef } from "./rows";
import { deselect } from "./selection";
import { enqueue } from "./serial-queue";
import { showToast } from "./toast";
import { undoLast } from "./undo";

/** `done`: the jobs that the attempt being retried has already changed. */
export function setStatuses(jobs: readonly JobRef[], status: StatusType, done: readonly Job[] = []): Promise<void> {
  showBusy(jobs, true); // also while waiting for another change
  return enqueue(async () => {
    showBusy(jobs, true);
    const outcomes =
      jobs.length > 1
        ? await setInBulk(jobs, status)
        : await runBatch(jobs, ({ id }) => setStatus(id, status, displayedState(id)));
    showBusy(jobs, false);
    const results = resultsOf(outcomes);
    const failures = failuresOf(outcomes);
    deselect(failures.filter(({ error }) => isNotFound(error)).map(({ item }) => item.id));
    displayJobs(results);
    refreshIfOutcomeUnknown(failures.map(({ error }) => error));
    const changed = [...done, ...results];
    // A change with an unknown outcome may be the last one, so undo must not revert the one before it.
    if (changed.length > 0 || failures.some(({ error }) => isOutcomeUnknown(error)))
      rememberChange(changed.map(asChangedJob));
    announceResult(changed, failures, status);
  });
}

/** One bulk request; if it fails, every job counts as failed. Never rejects. */
function setInBulk(jobs: readonly JobRef[], status: StatusType): Promise<Outcome<JobRef, Job>[]> {
  const ids = jobs.map(({ id }) => id);
  return bulkSetStatus(ids, status, displayedVersions(ids, status)).then(
    (results) =>
      jobs.map((item, index) => {
        const result = results[index];
        return result instanceof ApiError || !result ? { item, error: result } : { item, result };
      }),
    (error: unknown) => jobs.map((item) => ({ item, error })),
  );
}

/** Also called after a change in a job's own dropdown. */
export function announceResult(
  changed: readonly Job[],
  failures: readonly JobFailure<JobRef>[],
  status: StatusType,
): void {
  const retryable = failures.filter(({ error }) => !isNotFound(error)).map(({ item }) => item);
  const retry = () => void setStatuses(retryable, status, changed);
  showToast({
    ...statusMessage(changed, failures, status),
    actions: [
      ...(retryable.length > 0 ? [{ label: "Retry", run: retry }] : []),
      ...(changed.length > 0 ? [{ label: "Undo", run: undoLast, command: "undo" as const }] : []),
    ],
    sticky: failures.length > 0,
  });
}
