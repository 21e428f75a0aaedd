/** The jobs on the screen: rows of the list, or the one whose page this is. */

export function shownRows(): HTMLTableRowElement[] {
  return [...document.querySelectorAll<HTMLTableRowElement>('#job-table tbody > tr[id^="job-"]')];
}

/** The status of the page's own job. */
export function pageIsland(): HTMLElement | null {
  return document.body.dataset["page"] === "job_detail" ? document.querySelector("job-status") : null;
}

/** The last change that is shown: of a row what its "Updated" says, which the operator's own change leaves behind. */
export function shownAt(shown: Element): string {
  const time = shown.querySelector(".updated_at time")?.getAttribute("datetime");
  return time ?? confirmedAt(shown);
}

/** The last change that the status knows of, the operator's own included. */
export function confirmedAt(shown: Element): string {
  const island = shown.matches("job-status") ? shown : shown.querySelector("job-status");
  return island?.getAttribute("data-updated-at") ?? "";
}

/** Minute, second and microsecond of the change, as in the server's entity tag; "" for a deleted job. */
export function versionOf(shown: Element): string {
  if (isGone(shown)) return "";
  return shownAt(shown).slice(14, 26).replace(/\D/g, "");
}

export function isGone(shown: Element): boolean {
  return shown.hasAttribute("data-gone");
}
