/**
 * Copies ids, names or links of the jobs that a command acts on, one per line, or shell commands that read these jobs from
 * the API.
 */
import { MAX_PAGE_SIZE, searchesForIds } from "../api/search";
import { copyText } from "../page/copying";
import { jobCount } from "../page/job-count";
import { showHint } from "./hints";
import { NO_JOB_SELECTED } from "./messages";
import type { JobRef } from "./rows";
import { targets } from "./targets";

type What = "id" | "name" | "link" | "curl";

const perLine = (text: (job: JobRef) => string) => (jobs: readonly JobRef[]) => jobs.map(text).join("\n");
const TEXTS: Record<What, (jobs: readonly JobRef[]) => string> = {
  id: perLine(({ id }) => id),
  name: perLine(({ name }) => name),
  link: perLine(({ id }) => new URL(`/jobs/${id}/`, location.href).href),
  curl: (jobs) =>
    urlsOf(jobs.map(({ id }) => id))
      .map(curl)
      .join("\n"),
};
const NOUNS: Record<What, [one: string, many: string]> = {
  id: ["ID", "IDs"],
  name: ["name", "names"],
  link: ["link", "links"],
  curl: ["curl command", "curl command"],
};

/** One job, or pages of up to 200; more than one page only if ids are very long. */
function urlsOf(ids: readonly string[]): string[] {
  const [only] = ids;
  if (only !== undefined && ids.length === 1) return [`/api/jobs/${only}/`];
  return searchesForIds(ids).map((q) => `/api/jobs/?q=${q}&page_size=${MAX_PAGE_SIZE}`);
}

/** For any POSIX shell: nothing is special between single quotes. Names, which may contain anything, are left out. */
function curl(path: string): string {
  return `curl -sS '${new URL(path, location.href).href.replaceAll("'", "'\\''")}'`;
}

export function copyJobs(what: What): boolean {
  const jobs = targets();
  if (jobs.length === 0) showHint(NO_JOB_SELECTED);
  else void copy(jobs, what);
  return true;
}

async function copy(jobs: readonly JobRef[], what: What): Promise<void> {
  const [one, many] = NOUNS[what];
  const copied = await copyText(TEXTS[what](jobs));
  const noun = jobs.length === 1 ? one : many;
  if (!copied) showHint(`The browser didn’t allow copying the ${noun}.`);
  else showHint(jobs.length === 1 ? `Copied ${noun}` : `Copied ${noun} of ${jobCount(jobs.length)}`);
}
