/** Sets the status of one or more jobs, and reports the outcome. */
import { bulkSetStatus } from "../api/bulk";
import { setStatus } from "../api/client";
import { isNotFound, isOutcomeUnknown } from "../api/errors";
import type { Job, StatusType } from "../api/types";
import { failuresOf, type JobFailure, type Outcome, resultsOf, runBatch, runBulk } from "./batch";
import { displayedState, displayedVersions, displayJobs, refreshIfOutcomeUnknown, showBusy } from "./displayed-jobs";
import { showHint } from "./hints";
import { alreadyText, statusMessage } from "./messages";
import type { JobRef } from "./rows";
import { deselect } from "./selection";
import { enqueue } from "./serial-queue";
import { showToast, statusOf } from "./toast";
import { idsWithStatus } from "./unchanged";
import { undoAction } from "./undo";
import { push, statusItem } from "./undo-stack";
import { newEntryKey, updateStack } from "./undo-storage";

/** The attempt that is being retried: the jobs that it has changed, and the key of its entry for undo. */
interface Attempt {
  done: readonly Job[];
  key: string;
}

/** Jobs that have the status already are left alone. A retry sends all: an earlier attempt may have set it. */
export function setStatuses(jobs: readonly JobRef[], status: StatusType, attempt?: Attempt): Promise<void> {
  showBusy(jobs, true); // also while waiting for another change
  return enqueue(async () => {
    showBusy(jobs, true);
    const already = attempt ? new Set<string>() : await idsWithStatus(jobs, status);
    const left = jobs.filter(({ id }) => !already.has(id));
    if (left.length > 0) await send(left, status, attempt, already.size);
    else showHint(alreadyText(jobs, status));
    showBusy(jobs, false);
  });
}

async function send(
  jobs: readonly JobRef[],
  status: StatusType,
  { done, key }: Attempt = { done: [], key: newEntryKey() },
  already = 0,
): Promise<void> {
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
  remember(key, changed, failures);
  announceResult(changed, failures, status, key, already);
}

/**
 * For undo. A change with an unknown outcome may be the last one: it is remembered as one that cannot be undone, so that
 * undo does not take back the one before it instead.
 */
function remember(key: string, changed: readonly Job[], failures: readonly JobFailure<JobRef>[]): void {
  const unknown = failures
    .filter(({ error }) => isOutcomeUnknown(error))
    .map(({ item: { id, name } }) => ({ id, name }));
  const items = changed.map(statusItem);
  if (items.length > 0) updateStack((stack) => push(stack, { kind: "status", key, items }));
  else if (unknown.length > 0) updateStack((stack) => push(stack, { kind: "unknown", key, items: unknown }));
}

function setInBulk(jobs: readonly JobRef[], status: StatusType): Promise<Outcome<JobRef, Job>[]> {
  const ids = jobs.map(({ id }) => id);
  return runBulk(jobs, bulkSetStatus(ids, status, displayedVersions(ids, status)));
}

/** Also called after a change in a job's own dropdown. */
export function announceResult(
  changed: readonly Job[],
  failures: readonly JobFailure<JobRef>[],
  status: StatusType,
  key: string,
  already = 0,
): void {
  const retryable = failures.filter(({ error }) => !isNotFound(error)).map(({ item }) => item);
  const retry = () => void setStatuses(retryable, status, { done: changed, key });
  showToast({
    ...statusMessage(changed, failures, status, already),
    topic: key,
    actions: [
      ...(retryable.length > 0 ? [{ label: "Retry", run: retry }] : []),
      ...(changed.length > 0 ? [undoAction(key)] : []),
    ],
    sticky: failures.length > 0,
    failed: retryable.map(statusOf),
    resolved: changed.map(statusOf),
  });
}
