/** What the toasts say about undo and redo. */
import { ApiError, isConflict, isNotFound } from "../api/errors";
import { STATUSES } from "../api/statuses";
import type { Job } from "../api/types";
import { jobCount } from "../page/job-count";
import type { JobFailure } from "./batch";
import { describeJobs, failureLines, nameInText } from "./describe";
import { areOutcomesUnknown, areUnreachable, type Message, unconfirmed } from "./messages";
import type { JobRef } from "./rows";
import type { Entry, Undoable } from "./undo-stack";

type Failures = readonly JobFailure<JobRef>[];

interface Words {
  /** `Can’t undo`. */
  verb: "undo" | "redo";
  /** `Couldn’t restore X`; with a `d`, `X was restored`. */
  infinitive: string;
  success: (jobs: readonly Job[]) => string;
}

/** `mayRetry`: some of the failed jobs can still be restored. */
export function undoMessage(
  verb: Words["verb"],
  kind: Undoable["kind"],
  jobs: readonly Job[],
  failures: Failures,
  mayRetry: boolean,
): Message {
  const success = kind === "rename" ? renamed : kind === "deletion" ? back : verb === "undo" ? restored : repeated;
  return message({ verb, infinitive: kind === "rename" ? kind : "restore", success }, jobs, failures, mayRetry);
}

/** Why the newest change cannot be undone, whatever happens. */
export function whyNeverUndone({ items }: Entry): string {
  return `Can’t undo: the outcome of the last change of ${describeJobs(items)} is unknown.`;
}

/** From the trash. */
const back = (jobs: readonly Job[]) => `Restored ${describeJobs(jobs)}.`;

function restored(jobs: readonly Job[]): string {
  const [only] = jobs;
  if (only && jobs.length === 1) return `${nameInText(only)} restored to ${STATUSES[only.current_status].label}.`;
  return back(jobs);
}

function repeated(jobs: readonly Job[]): string {
  const [first] = jobs;
  if (!first) return "";
  return `${describeJobs(jobs)} ${jobs.length === 1 ? "is" : "are"} ${STATUSES[first.current_status].label} again.`;
}

function renamed(jobs: readonly Job[]): string {
  return jobs.map((job) => `Renamed back to ${nameInText(job)}.`).join(" ");
}

function message(
  { verb, infinitive, success }: Words,
  jobs: readonly Job[],
  failures: Failures,
  mayRetry: boolean,
): Message {
  const isFinal = failures.length > 0 && !mayRetry;
  const [only] = failures;
  const alone = isFinal && only && failures.length === 1 ? only : undefined;
  const failed = failures.map(({ item }) => item);
  const texts = [jobs.length > 0 ? success(jobs) : ""];
  if (alone) texts.push(`Can’t ${verb}: ${whyRefused(alone)}`);
  else if (isFinal) texts.push(`Can’t ${verb} ${jobCount(failures.length)}.`);
  else if (areOutcomesUnknown(failures) && failures.length > 0) texts.push(unconfirmed(failed, `${infinitive}d`));
  else if (failures.length > 0) texts.push(`Couldn’t ${infinitive} ${describeJobs(failed)}.`);
  return {
    text: texts.filter(Boolean).join(" "),
    details: alone ? [] : failureLines(failures, (failure) => (isRefused(failure) ? whyRefused(failure) : undefined)),
    isUnreachable: areUnreachable(failures),
  };
}

function isRefused({ error }: JobFailure<JobRef>): boolean {
  return isConflict(error) || isNotFound(error);
}

function whyRefused({ item, error }: JobFailure<JobRef>): string {
  const name = nameInText(item);
  if (error instanceof ApiError && /trash|exists|taken/.test(error.code)) return `${name}: ${error.detail}`;
  return `${name} ${isNotFound(error) ? "was deleted" : "has changed since"}.`;
}
