import htmx from "htmx.org";
import { jobTable, PANEL_ID } from "./table";

/** Shows the list of this URL: in place, as its links do, or on its own page if this page has no list. */
export function openList(url: string): void {
  if (jobTable()) showList(url, "push");
  else location.assign(url);
}

/** A list that is still loading makes way for it, by the table's hx-sync, as for the list of a link or a search. */
export function showList(url: string, history: "push" | "replace"): void {
  void htmx.ajax("GET", url, { source: "#job-table", target: "#job-table", swap: "outerMorph", [history]: "true" });
}

/** Loads the list that is shown again, or the one that is about to be shown. */
export function refreshList(): void {
  const panel = document.getElementById(PANEL_ID);
  if (panel) htmx.trigger(panel, "list:stale");
  else showList(location.pathname + location.search, "replace");
}
