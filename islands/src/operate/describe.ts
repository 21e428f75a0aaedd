/** Names of jobs and reasons of failures, as parts of messages. */
import { jobErrorMessage } from "../api/errors";
import { isolate } from "../api/names";
import { jobCount } from "../page/job-count";
import type { JobFailure } from "./batch";
import type { JobRef } from "./rows";

const MAX_LINES = 5;
const MAX_SHOWN_NAME = 60;

/** The name of a single job, or the number of jobs. */
export function describeJobs(jobs: readonly JobRef[]): string {
  const [only] = jobs;
  return only && jobs.length === 1 ? nameInText(only) : jobCount(jobs.length);
}

/** The name as part of a sentence: isolated, and truncated if it is long, so that the end of the sentence stays visible. */
export function nameInText({ name }: Pick<JobRef, "name">): string {
  const letters = [...name];
  if (letters.length <= MAX_SHOWN_NAME) return isolate(name);
  const start = letters.slice(0, MAX_SHOWN_NAME - 1).join("");
  return isolate(`${start.trimEnd()}…`);
}

/**
 * `Alpha: the reason`, for the first few failures. If all have the same reason, the reason alone. `lineFor` may give a
 * failure a line of its own.
 */
export function failureLines(
  failures: readonly JobFailure<JobRef>[],
  lineFor: (failure: JobFailure<JobRef>) => string | undefined = () => undefined,
): string[] {
  const reasons = failures.map((failure) => lineFor(failure) ?? jobErrorMessage(failure.error));
  const [first] = reasons;
  if (first !== undefined && reasons.length > 1 && reasons.every((reason) => reason === first)) return [first];
  const lines = failures.slice(0, MAX_LINES).map((failure) => lineFor(failure) ?? failureLine(failure));
  const more = failures.length - lines.length;
  return more > 0 ? [...lines, `and ${jobCount(more, "more")}`] : lines;
}

function failureLine({ item, error }: JobFailure<JobRef>): string {
  return `${nameInText(item)}: ${jobErrorMessage(error)}`;
}
