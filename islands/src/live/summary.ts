/** The parts of the list page around the rows: tab counts, number of jobs, title, and the pill for new jobs. */
import { jobCount } from "../page/job-count";
import { jobTable } from "../page/table";
import type { LiveUpdate } from "./update";

export function applySummary({ counts, shownText, title, newCount }: LiveUpdate): void {
  const numbers = document.querySelectorAll("#status-tabs a small");
  for (const [index, text] of counts?.entries() ?? []) write(numbers[index], text);
  if (shownText) write(document.querySelector("#job-table .shown"), shownText);
  if (title) jobTable()?.setAttribute("data-title", title);
  showPill(newCount ?? "0");
}

/** `3 new jobs · Show`, or hidden if there are none. New jobs do not appear in the list by themselves. */
function showPill(newCount: string): void {
  const pill = document.getElementById("new-jobs");
  const any = pill !== null && newCount !== "0";
  if (pill) {
    write(pill, any ? `${jobCount(newCount, "new")} · Show` : "");
    pill.hidden = !any;
  }
  const title = jobTable()?.dataset["title"];
  if (title) document.title = any ? withNewCount(title, newCount) : title;
}

/** `(3 new) Jobs`, `(3 new, 7 failed) Jobs`. */
function withNewCount(title: string, newCount: string): string {
  return title.startsWith("(") ? `(${newCount} new, ${title.slice(1)}` : `(${newCount} new) ${title}`;
}

function write(element: Element | null | undefined, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}
