/** Names of jobs and reasons of failures, as parts of messages. */
import { jobErrorMessage } from "../api/errors";
import { jobCount } from "../page/job-count";
import type { JobFailure } from "./batch";
import type { JobRef } from "./rows";

const MAX_LINES = 5;
const MAX_NAMES = 3;
const MAX_SHOWN_NAME = 60;

/** The name of a single job, or the number of jobs. */
export function describeJobs(jobs: readonly JobRef[]): string {
  const [only] = jobs;
  return only && jobs.length === 1 ? truncateName(only) : jobCount(jobs.length);
}

/** `Alpha, Beta, Gamma and 2 more jobs`. */
export function listNames(jobs: readonly JobRef[]): string {
  const listed = jobs.slice(0, MAX_NAMES).map(({ name }) => name);
  const more = jobs.length - listed.length;
  return more > 0 ? `${listed.join(", ")} and ${jobCount(more, "more")}` : listed.join(", ");
}

/** Truncates a long name, so that the end of the sentence around it stays visible. */
export function truncateName({ name }: Pick<JobRef, "name">): string {
  const letters = [...name];
  if (letters.length <= MAX_SHOWN_NAME) return name;
  const start = letters.slice(0, MAX_SHOWN_NAME - 1).join("");
  return `${start.trimEnd()}…`;
}

/** `Alpha: the reason`, for the first few failures. If all have the same reason, the reason alone. */
export function failureLines(failures: readonly JobFailure<JobRef>[]): string[] {
  const [first, ...others] = failures.map(({ error }) => jobErrorMessage(error));
  if (first !== undefined && others.length > 0 && others.every((other) => other === first)) return [first];
  const lines = failures.slice(0, MAX_LINES).map(failureLine);
  const more = failures.length - lines.length;
  return more > 0 ? [...lines, `and ${jobCount(more, "more")}`] : lines;
}

export function failureLine({ item, error }: JobFailure<JobRef>): string {
  return `${truncateName(item)}: ${jobErrorMessage(error)}`;
}
