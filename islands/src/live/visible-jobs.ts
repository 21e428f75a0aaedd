/** What the page shows of a job: in a row of the list, or in the status island of its own page. */
import { isJobPage } from "../dom";

/** The status island of the page's own job. */
export function pageIsland(): HTMLElement | null {
  return isJobPage() ? document.querySelector("job-status") : null;
}

/** The last change that the page shows. In a row, the "Updated" cell lags behind changes made in this tab. */
export function displayedUpdatedAt(shown: Element): string {
  const time = shown.querySelector(".updated_at time")?.getAttribute("datetime");
  return time ?? confirmedUpdatedAt(shown);
}

/** The last change that the status island knows of, including changes made in this tab. */
export function confirmedUpdatedAt(shown: Element): string {
  const island = shown.matches("job-status") ? shown : shown.querySelector("job-status");
  return island?.getAttribute("data-updated-at") ?? "";
}

/** Minute, second and microsecond of the last change, as in the server's ETag; "" for a deleted job. */
export function versionOf(shown: Element): string {
  if (isDeleted(shown)) return "";
  return displayedUpdatedAt(shown).slice(14, 26).replace(/\D/g, "");
}

export function isDeleted(shown: Element): boolean {
  return shown.hasAttribute("data-gone");
}
