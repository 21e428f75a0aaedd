/** What happened to watched jobs, as text. Names are isolated. */
import { isolate } from "../api/names";
import { jobCount } from "../page/job-count";
import type { Result } from "./store";

const MAX_LINES = 5;
const MAX_NAME = 60;
const VERBS: Record<string, string> = { COMPLETED: "completed", FAILED: "failed", DELETED: "was deleted" };

export function nameText(name: string): string {
  const letters = [...name];
  return isolate(letters.length > MAX_NAME ? `${letters.slice(0, MAX_NAME - 1).join("")}…` : name);
}

function line({ name, status }: Result): string {
  return `${nameText(name)} ${VERBS[status] ?? "ended"}`;
}

/** `Wing failed`, or `3 jobs: 2 failed, 1 completed`. */
export function title(results: readonly Result[]): string {
  const [only] = results;
  if (only && results.length === 1) return line(only);
  const parts = Object.entries(VERBS)
    .map(([status, verb]) => [results.filter((result) => result.status === status).length, verb] as const)
    .filter(([count]) => count > 0)
    .map(([count, verb]) => `${count} ${count > 1 ? verb.replace("was", "were") : verb}`);
  return `${jobCount(results.length)}: ${parts.join(", ")}`;
}

/** Which jobs, if there are several; else the list that the job is in. */
export function lines(results: readonly Result[]): string[] {
  const [only] = results;
  if (results.length === 1) return only?.view ? [`Watched list: ${isolate(only.view)}`] : [];
  const shown = results.slice(0, MAX_LINES).map(line);
  const more = results.length - shown.length;
  return more > 0 ? [...shown, `and ${jobCount(more, "more")}`] : shown;
}
