/** Navigates to other lists, pages and jobs, through the page's own links if it has them. */
import { AWAITS_FIELD } from "../keys/listen";
import { openList } from "../page/open-list";
import { focusTable, jobTable } from "../page/table";
import { expectList } from "./arrival";
import { showHint } from "./hints";
import { leaveViews } from "./saved-views";

/** Returns false if there is none. */
export function clickLink(selector: string): boolean {
  const link = document.querySelector<HTMLElement>(selector);
  link?.click();
  return link !== null;
}

/** The address of all jobs: the bare one may lead to a view. */
const ALL_JOBS = "/?view=all";

/**
 * Clicks the status tab, which keeps search and sort order. On pages without tabs, opens the list of that status. In a
 * saved view, all jobs are those outside of it.
 */
export function goToStatus(status: string): boolean {
  if (status === "ALL" && document.querySelector("#saved-views[data-view]") && leaveViews()) return true;
  const tabs = document.querySelectorAll<HTMLAnchorElement>("#status-tabs a");
  const tab = [...tabs].find(
    (link) => (link.querySelector("[data-status]")?.getAttribute("data-status") ?? "ALL") === status,
  );
  if (tab) openLink(tab);
  else if (status === "ALL") goHome();
  else openList(`/?status=${status}`);
  return true;
}

export function goHome(): boolean {
  expectList();
  openList(ALL_JOBS);
  return true;
}

/** The focus moves to its first row, or to its last one. */
function openLink(link: HTMLAnchorElement, row: "first" | "last" = "first"): void {
  expectList(row);
  link.click();
}

type PageName = "first" | "previous" | "next" | "last";

const pageLink = (which: PageName) => document.querySelector<HTMLAnchorElement>(`a#page-${which}`);
export const hasPage = (which: PageName) => pageLink(which) !== null;

export function goToPage(which: PageName, row: "first" | "last" = "first"): boolean {
  const link = pageLink(which);
  if (link) openLink(link, row);
  else showHint(`This is the ${which === "next" || which === "last" ? "last" : "first"} page.`);
  return true;
}

type Column = "name" | "created_at" | "updated_at";

/** Through the column's heading, which reverses the order if it is the sorted one. The column may be hidden. */
export function sortBy(column: Column): boolean {
  const link = document.querySelector<HTMLAnchorElement>(`#job-table thead th.${column} a`);
  if (link) openLink(link);
  else if (jobTable()) openSorted(column);
  return true;
}

function openSorted(column: Column): void {
  const url = new URL(location.href);
  const orders = [column, `-${column}`];
  if (column !== "name") orders.reverse();
  const isFirst = (url.searchParams.get("ordering") ?? "-created_at") === orders[0];
  url.searchParams.set("ordering", orders[isFirst ? 1 : 0] ?? column);
  url.searchParams.delete("cursor");
  expectList();
  openList(url.pathname + url.search);
}

/** Searches at once. The focus leaves the field, so that the next keys are commands; they wait for the results. */
export function runSearch(): boolean {
  const form = document.querySelector<HTMLFormElement>("form#job-search");
  if (!form) return false;
  expectList();
  form.requestSubmit();
  focusTable();
  return true;
}

export const goToJob = (which: "next" | "prev") => clickLink(`a[rel~="${which}"]`);
export const goBack = () => clickLink(".crumb a[href]") || goHome();

/** Returns false if the page has no such field. */
export function focusField(selector: string): boolean {
  const field = document.querySelector<HTMLInputElement>(selector);
  if (field?.disabled) awaitField(field, selector);
  field?.focus();
  field?.select();
  return field !== null;
}

/** The field's island is not mounted yet: its element takes the focus meanwhile, so that typing runs no commands. */
function awaitField(field: HTMLElement, selector: string): void {
  const place = field.closest<HTMLElement>("create-job");
  if (!place) return;
  const observer = new MutationObserver(() => {
    const mounted = document.querySelector<HTMLInputElement>(`${selector}:enabled`);
    if (mounted && document.activeElement === place) mounted.focus();
  });
  observer.observe(place, { childList: true, subtree: true, attributes: true });
  place.setAttribute(AWAITS_FIELD, "");
  place.tabIndex = -1;
  place.focus();
  place.addEventListener(
    "blur",
    () => {
      observer.disconnect();
      place.removeAttribute(AWAITS_FIELD);
      place.removeAttribute("tabindex");
    },
    { once: true },
  );
}
