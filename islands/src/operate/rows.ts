/** The table's rows as jobs. Looked up on each use, since htmx replaces them. */

/** A job's id and name, as shown on the page. */
export interface Named {
  id: string;
  name: string;
}

export function jobRows(): HTMLTableRowElement[] {
  return [...document.querySelectorAll<HTMLTableRowElement>("#job-table tbody tr[id^='job-']")];
}

export function rowOf(id: string): HTMLTableRowElement | null {
  return document.querySelector<HTMLTableRowElement>(`#job-table tr#job-${id}`);
}

export function rowWith(element: Element): HTMLTableRowElement | null {
  return element.closest<HTMLTableRowElement>("#job-table tbody tr[id^='job-']");
}

export function rowLink(row: Element): HTMLAnchorElement | null {
  return row.querySelector<HTMLAnchorElement>("td.name a[href]");
}

export function jobOf(row: Element): Named {
  return { id: row.id.slice("job-".length), name: rowName(row) };
}

/** Read from a data attribute: browser translation changes the text of links. */
function rowName(row: Element): string {
  return row.querySelector<HTMLElement>("[data-job-name]")?.dataset["jobName"] ?? rowLink(row)?.textContent ?? "";
}

export function isListPage(): boolean {
  return document.body.dataset["page"] === "job_list";
}

/** The job whose own page this is. */
export function pageJob(): Named | undefined {
  if (isListPage()) return undefined;
  const { jobId, jobName = "" } = document.querySelector<HTMLElement>(".head job-status")?.dataset ?? {};
  return jobId === undefined ? undefined : { id: jobId, name: jobName };
}
