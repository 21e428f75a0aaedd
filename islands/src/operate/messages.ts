/** What the toasts say. */
import { isConflict, isNotFound, isOutcomeUnknown, jobErrorMessage } from "../api/errors";
import { STATUSES } from "../api/statuses";
import type { Job, StatusType } from "../api/types";
import { jobCount } from "../page/job-count";
import type { JobFailure } from "./batch";
import { describeJobs, failureLine, failureLines, truncateName } from "./describe";
import type { JobRef } from "./rows";

/** One text, and lines below it. */
interface Message {
  text: string;
  details: string[];
}

export const NO_JOB_SELECTED = "No job selected. Move to a job or select some first.";
export const JOB_DELETED = "This job was deleted.";
export const NOTHING_TO_UNDO = "Nothing to undo";

export function selectionLimit(limit: number): string {
  return `You can select up to ${limit} jobs.`;
}

export function statusMessage(
  changed: readonly Job[],
  failures: readonly JobFailure<JobRef>[],
  status: StatusType,
): Message {
  const total = changed.length + failures.length;
  return {
    text: statusText(changed, failures, STATUSES[status].label),
    // For a single job, the text already names it.
    details: total > 1 ? failureLines(failures) : failures.map(({ error }) => jobErrorMessage(error)),
  };
}

function statusText(changed: readonly Job[], failures: readonly JobFailure<JobRef>[], label: string): string {
  if (failures.length === 0) return `${describeJobs(changed)} ${changed.length === 1 ? "is" : "are"} now ${label}.`;
  if (changed.length > 0) return `${changed.length} of ${changed.length + failures.length} jobs are now ${label}.`;
  const failed = failures.map(({ item }) => item);
  if (areOutcomesUnknown(failures)) return unconfirmed(failed, `set to ${label}`);
  return `Couldn’t set ${describeJobs(failed)} to ${label}.`;
}

/** `mayRetry`: some of the failed jobs can still be restored. */
export function undoMessage(
  undone: readonly Job[],
  failures: readonly JobFailure<JobRef>[],
  mayRetry: boolean,
): Message {
  const [only] = failures;
  const alone = only && failures.length === 1 && !mayRetry ? only : undefined;
  const failed = alone ? `Can’t undo: ${whyNotUndone(alone)}` : undoFailureText(failures);
  return {
    text: [restoredText(undone), failed].filter(Boolean).join(" "),
    details: alone
      ? []
      : failures.map((failure) => (isConflict(failure.error) ? whyNotUndone(failure) : failureLine(failure))),
  };
}

function restoredText(undone: readonly Job[]): string {
  const [only] = undone;
  if (!only) return "";
  if (undone.length === 1) return `${truncateName(only)} restored to ${STATUSES[only.current_status].label}.`;
  return `Restored ${describeJobs(undone)}.`;
}

function whyNotUndone({ item, error }: JobFailure<JobRef>): string {
  return `${truncateName(item)} ${isNotFound(error) ? "was deleted" : "has changed since"}.`;
}

function undoFailureText(failures: readonly JobFailure<JobRef>[]): string {
  if (failures.length === 0) return "";
  const failed = failures.map(({ item }) => item);
  return areOutcomesUnknown(failures) ? unconfirmed(failed, "restored") : `Couldn’t restore ${describeJobs(failed)}.`;
}

export function deletionMessage(deleted: readonly JobRef[], failures: readonly JobFailure<JobRef>[]): Message {
  return { text: deletionText(deleted, failures), details: failureLines(failures) };
}

function deletionText(deleted: readonly JobRef[], failures: readonly JobFailure<JobRef>[]): string {
  if (failures.length === 0) return `Deleted ${describeJobs(deleted)}.`;
  if (deleted.length > 0 || !areOutcomesUnknown(failures))
    return `${deleted.length} of ${jobCount(deleted.length + failures.length)} deleted.`;
  return unconfirmed(
    failures.map(({ item }) => item),
    "deleted",
  );
}

function areOutcomesUnknown(failures: readonly JobFailure<JobRef>[]): boolean {
  return failures.every(({ error }) => isOutcomeUnknown(error));
}

function unconfirmed(jobs: readonly JobRef[], change: string): string {
  return `Couldn’t confirm that ${describeJobs(jobs)} ${jobs.length === 1 ? "was" : "were"} ${change}.`;
}
