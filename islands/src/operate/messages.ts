/** What the toasts say. */
import { ApiError, isOutcomeUnknown, jobErrorMessage } from "../api/errors";
import { STATUSES } from "../api/statuses";
import type { Job, StatusType } from "../api/types";
import { jobCount } from "../page/job-count";
import type { JobFailure } from "./batch";
import { describeJobs, failureLines } from "./describe";
import type { JobRef } from "./rows";

/** One text, and lines below it. */
export interface Message {
  text: string;
  details: string[];
  /** See `showToast`. */
  isUnreachable?: boolean;
}

export const NO_JOB_SELECTED = "No job selected. Move to a job or select some first.";
export const JOB_DELETED = "This job was deleted.";
export const NOTHING_TO_UNDO = "Nothing to undo";
export const NOTHING_TO_REDO = "Nothing to redo";
export const READ_ONLY = "Your account can look at jobs, and not change them.";
export const RENAME_ONE = "You can rename one job at a time.";

export function selectionLimit(limit: number): string {
  return `You can select up to ${limit} jobs.`;
}

export function alreadyText(jobs: readonly JobRef[], status: StatusType): string {
  return `${describeJobs(jobs)} ${jobs.length === 1 ? "is" : "are"} already ${STATUSES[status].label}.`;
}

/** `already`: how many more jobs had the status. */
export function statusMessage(
  changed: readonly Job[],
  failures: readonly JobFailure<JobRef>[],
  status: StatusType,
  already = 0,
): Message {
  const total = changed.length + failures.length;
  const { label } = STATUSES[status];
  const others = already > 0 ? ` ${jobCount(already)} ${already === 1 ? "was" : "were"} already ${label}.` : "";
  return {
    text: statusText(changed, failures, label) + others,
    // For a single job, the text already names it.
    details: total > 1 ? failureLines(failures) : failures.map(({ error }) => jobErrorMessage(error)),
    isUnreachable: areUnreachable(failures),
  };
}

function statusText(changed: readonly Job[], failures: readonly JobFailure<JobRef>[], label: string): string {
  if (failures.length === 0) return `${describeJobs(changed)} ${changed.length === 1 ? "is" : "are"} now ${label}.`;
  if (changed.length > 0) return `${changed.length} of ${changed.length + failures.length} jobs are now ${label}.`;
  const failed = failures.map(({ item }) => item);
  if (areOutcomesUnknown(failures)) return unconfirmed(failed, `set to ${label}`);
  return `Couldn’t set ${describeJobs(failed)} to ${label}.`;
}

export function deletionMessage(deleted: readonly JobRef[], failures: readonly JobFailure<JobRef>[]): Message {
  return {
    text: deletionText(deleted, failures),
    details: failureLines(failures),
    isUnreachable: areUnreachable(failures),
  };
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

/** Nothing was changed, since the server could not be reached, or could not reach its database. */
export function areUnreachable(failures: readonly JobFailure<JobRef>[]): boolean {
  return failures.every(
    ({ error }) => error instanceof ApiError && (error.status === 0 || error.status >= 502) && !isOutcomeUnknown(error),
  );
}

export function areOutcomesUnknown(failures: readonly JobFailure<JobRef>[]): boolean {
  return failures.every(({ error }) => isOutcomeUnknown(error));
}

export function unconfirmed(jobs: readonly JobRef[], change: string): string {
  return `Couldn’t confirm that ${describeJobs(jobs)} ${jobs.length === 1 ? "was" : "were"} ${change}.`;
}
