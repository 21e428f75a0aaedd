/** Numbers of jobs, and reasons, as they are said. */
import { ApiError, sentence } from "../api/errors";
import type { Named } from "./rows";

const MOST_LINES = 5;
const LONGEST_NAME = 60;

export function jobCount(number: number): string {
  return number === 1 ? "1 job" : `${number} jobs`;
}

/** The job by name where it is one, their number where they are more. */
export function whichJobs(jobs: readonly Named[]): string {
  const [only] = jobs;
  return only && jobs.length === 1 ? shortName(only) : jobCount(jobs.length);
}

/** Within a sentence whose end must be seen. */
export function shortName({ name }: Pick<Named, "name">): string {
  const letters = [...name];
  return letters.length > LONGEST_NAME
    ? `${letters
        .slice(0, LONGEST_NAME - 1)
        .join("")
        .trimEnd()}…`
    : name;
}

export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

export function reason(error: unknown): string {
  return isGone(error) ? "This job was deleted." : sentence(error);
}

/** `Alpha: the reason`, for the first few of them; the reason alone where several have the same. */
export function reasons(failures: readonly { item: Named; error: unknown }[]): string[] {
  const [first, ...others] = failures.map(({ error }) => reason(error));
  if (first !== undefined && others.length > 0 && others.every((other) => other === first)) return [first];
  const lines = failures.slice(0, MOST_LINES).map(({ item, error }) => `${shortName(item)}: ${reason(error)}`);
  const more = failures.length - lines.length;
  return more > 0 ? [...lines, `and ${jobCount(more)} more`] : lines;
}
