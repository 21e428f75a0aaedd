/** Sets the status of one or more jobs, and reports the outcome. */
import { bulkSetStatus } from "../api/bulk";
import { setStatus } from "../api/client";
import { ApiError, isOutcomeUnknown } from "../api/errors";
import { statusLabel } from "../api/statuses";
import type { Job, StatusType } from "../api/types";
import { failuresOf, type Outcome, resultsOf, runBatch } from "./batch";
import { displayedState, displayedVersions, displayJobs, refreshUncertain, showBusy } from "./displayed-jobs";
import { asChanged, rememberChange } from "./last-change";
import { describeJobs, failureLines, failureReason, isNotFound } from "./messages";
import type { Named } from "./rows";
import { deselect } from "./selection";
import { enqueue } from "./serial-queue";
import { showToast } from "./toast";
import { undoLast } from "./undo";

export function setStatuses(jobs: readonly Named[], status: StatusType, done: readonly Job[] = []): Promise<void> {
  showBusy(jobs, true); // also while waiting for another change
  return enqueue(async () => {
    showBusy(jobs, true);
    const outcomes =
      jobs.length > 1
        ? await setInBulk(jobs, status)
        : await runBatch(jobs, 1, ({ id }) => setStatus(id, status, displayedState(id)));
    showBusy(jobs, false);
    const results = resultsOf(outcomes);
    const failures = failuresOf(outcomes);
    deselect(failures.filter(({ error }) => isNotFound(error)).map(({ item }) => item.id));
    displayJobs(results);
    refreshUncertain(failures.map(({ error }) => error));
    const changed = [...done, ...results];
    // A change with an unknown outcome may be the last one, so undo must not revert the one before it.
    if (changed.length > 0 || failures.some(({ error }) => isOutcomeUnknown(error)))
      rememberChange(changed.map(asChanged));
    announceResult(changed, failures, status);
  });
}

/** One bulk request; if it fails, every job counts as failed. Never rejects. */
function setInBulk(jobs: readonly Named[], status: StatusType): Promise<Outcome<Named, Job>[]> {
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

type Failures = ReturnType<typeof failuresOf<Named, Job>>;

/** Also called after a change in a job's own dropdown. */
export function announceResult(changed: readonly Job[], failures: Failures, status: StatusType): void {
  const retryable = failures.filter(({ error }) => !isNotFound(error)).map(({ item }) => item);
  const retry = () => void setStatuses(retryable, status, changed);
  showToast({
    text: outcome(changed, failures, status),
    // For a single job, the text already names it.
    details:
      changed.length + failures.length > 1 ? failureLines(failures) : failures.map(({ error }) => failureReason(error)),
    actions: [
      ...(retryable.length > 0 ? [{ label: "Retry", run: retry }] : []),
      ...(changed.length > 0 ? [{ label: "Undo", run: undoLast, command: "undo" as const }] : []),
    ],
    sticky: failures.length > 0,
  });
}

function outcome(changed: readonly Job[], failures: Failures, status: StatusType): string {
  const label = statusLabel(status);
  if (failures.length === 0) return `${describeJobs(changed)} ${changed.length === 1 ? "is" : "are"} now ${label}.`;
  if (changed.length > 0) return `${changed.length} of ${changed.length + failures.length} jobs are now ${label}.`;
  const which = describeJobs(failures.map(({ item }) => item));
  if (failures.every(({ error }) => isOutcomeUnknown(error)))
    return `Couldn’t confirm that ${which} ${failures.length === 1 ? "was" : "were"} set to ${label}.`;
  return `Couldn’t set ${which} to ${label}.`;
}
