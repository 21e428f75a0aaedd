/** The jobs that rows and pages are about, as commands need them. */
import { isListPage, jobIdOf } from "../dom";

/** A job's id and name, as shown on the page. */
export interface JobRef {
  id: string;
  name: string;
}

export function rowLink(row: Element): HTMLAnchorElement | null {
  return row.querySelector<HTMLAnchorElement>("td.name a[href]");
}

/** Whether another client has deleted the job that the row, or the head of a job's page, still shows. */
export function isGone(part: Element): boolean {
  return part.hasAttribute("data-gone");
}

export function jobOf(row: Element): JobRef {
  return { id: jobIdOf(row), name: rowName(row) };
}

/** Read from a data attribute: browser translation changes the text of links. */
function rowName(row: Element): string {
  return row.querySelector<HTMLElement>("[data-job-name]")?.dataset["jobName"] ?? rowLink(row)?.textContent ?? "";
}

/** The job whose own page this is. */
export function pageJob(): JobRef | undefined {
  if (isListPage()) return undefined;
  const { jobId, jobName = "" } = document.querySelector<HTMLElement>(".head job-status")?.dataset ?? {};
  return jobId === undefined ? undefined : { id: jobId, name: jobName };
}
