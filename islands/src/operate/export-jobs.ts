/** Exports the jobs that a command acts on, as the list exports all of its jobs. */
import { searchesForIds } from "../api/search";
import { h, isListPage } from "../dom";
import { jobCount } from "../page/job-count";
import { showHint } from "./hints";
import { NO_JOB_SELECTED } from "./messages";
import type { JobRef } from "./rows";
import { targets } from "./targets";

type Format = "csv" | "ndjson";

export function exportJobs(format: Format): boolean {
  const jobs = targets();
  if (jobs.length === 0) showHint(NO_JOB_SELECTED);
  else download(jobs, format);
  return true;
}

function download(jobs: readonly JobRef[], format: Format): void {
  const [q = "", ...more] = searchesForIds(jobs.map(({ id }) => id));
  if (more.length > 0) {
    showHint(`Can’t export ${jobCount(jobs.length)} with such long IDs at once. Select fewer.`);
    return;
  }
  const ordering = isListPage() ? new URL(location.href).searchParams.get("ordering") : null;
  const query = new URLSearchParams({ format, q, ...(ordering && { ordering }) });
  const link = h("a", { href: `/api/jobs/export/?${query}`, download: true, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  showHint(`Exporting ${jobCount(jobs.length)} as ${format.toUpperCase()}`);
}
