import htmx from "htmx.org";
import { jobTable } from "./table";

/** Shows the list of this URL: in place, as its links do, or on its own page if this page has no list. */
export function openList(url: string): void {
  if (jobTable()) void htmx.ajax("GET", url, { target: "#job-table", swap: "outerMorph", push: "true" });
  else location.assign(url);
}
