import htmx from "htmx.org";
import { jobTable } from "./table";

/** Shows the list of this URL: in place, as its links do, or on its own page if this page has no list. */
export function openList(url: string): void {
  if (jobTable()) showList(url, "push");
  else location.assign(url);
}

/** By the table's hx-sync, a list that is still loading makes way for a newer one. */
export function showList(url: string, history: "push" | "replace"): void {
  void htmx.ajax("GET", url, { source: "#job-table", target: "#job-table", swap: "outerMorph", [history]: "true" });
}
