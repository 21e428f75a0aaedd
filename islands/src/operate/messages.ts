/** Formats numbers of jobs and reasons of failures for messages. */
import { ApiError, errorMessage } from "../api/errors";
import type { Named } from "./rows";

const MAX_LINES = 5;
const MAX_NAME_LENGTH = 60;

export function jobCount(number: number): string {
  return number === 1 ? "1 job" : `${number} jobs`;
}

/** The name of a single job, or the number of jobs. */
export function describeJobs(jobs: readonly Named[]): string {
  const [only] = jobs;
  return only && jobs.length === 1 ? truncateName(only) : jobCount(jobs.length);
}

/** Truncates a long name, so that the end of the sentence around it stays visible. */
export function truncateName({ name }: Pick<Named, "name">): string {
  const letters = [...name];
  return letters.length > MAX_NAME_LENGTH
    ? `${letters
        .slice(0, MAX_NAME_LENGTH - 1)
        .join("")
        .trimEnd()}…`
    : name;
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

export function failureReason(error: unknown): string {
  return isNotFound(error) ? "This job was deleted." : errorMessage(error);
}

/** `Alpha: the reason`, for the first few failures. If all have the same reason, the reason alone. */
export function failureLines(failures: readonly { item: Named; error: unknown }[]): string[] {
  const [first, ...others] = failures.map(({ error }) => failureReason(error));
  if (first !== undefined && others.length > 0 && others.every((other) => other === first)) return [first];
  const lines = failures.slice(0, MAX_LINES).map(({ item, error }) => `${truncateName(item)}: ${failureReason(error)}`);
  const more = failures.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more ${more === 1 ? "job" : "jobs"}`] : lines;
}
