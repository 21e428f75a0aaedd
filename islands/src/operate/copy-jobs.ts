/** Copies ids, names or links of the jobs that a command acts on, one per line. */
import { copyText } from "../page/copying";
import { jobCount } from "../page/job-count";
import { showHint } from "./hints";
import { NO_JOB_SELECTED } from "./messages";
import type { JobRef } from "./rows";
import { targets } from "./targets";

type What = "id" | "name" | "link";

const TEXTS: Record<What, (job: JobRef) => string> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  link: ({ id }) => new URL(`/jobs/${id}/`, location.href).href,
};
const NOUNS: Record<What, [one: string, many: string]> = {
  id: ["ID", "IDs"],
  name: ["name", "names"],
  link: ["link", "links"],
};

export function copyJobs(what: What): boolean {
  const jobs = targets();
  if (jobs.length === 0) showHint(NO_JOB_SELECTED);
  else void copy(jobs, what);
  return true;
}

async function copy(jobs: readonly JobRef[], what: What): Promise<void> {
  const [one, many] = NOUNS[what];
  const copied = await copyText(jobs.map(TEXTS[what]).join("\n"));
  const noun = jobs.length === 1 ? one : many;
  if (!copied) showHint(`The browser didn’t allow copying the ${noun}.`);
  else showHint(jobs.length === 1 ? `Copied ${noun}` : `Copied ${noun} of ${jobCount(jobs.length)}`);
}
