/** What stands around the rows: the tabs' numbers, how many are shown, the tab's title, and the pill for new jobs. */
import { jobTable } from "../page/table";
import type { Answer } from "./answer";

export function applyAround({ counts, shown, title, fresh }: Answer): void {
  const numbers = document.querySelectorAll("#status-tabs a small");
  for (const [index, text] of counts?.entries() ?? []) write(numbers[index], text);
  if (shown) write(document.querySelector("#job-table .shown"), shown);
  if (title) jobTable()?.setAttribute("data-title", title);
  showPill(fresh ?? "0");
}

/** `3 new` where there are any. The list itself does not move. */
function showPill(fresh: string): void {
  const pill = document.getElementById("new-jobs");
  const any = pill !== null && fresh !== "0";
  if (pill) {
    write(pill, any ? newText(fresh) : "");
    pill.hidden = !any;
  }
  const title = jobTable()?.dataset["title"];
  if (title) document.title = any ? withNew(title, fresh) : title;
}

export function newText(fresh: string): string {
  return `${fresh} new ${fresh === "1" ? "job" : "jobs"}`;
}

/** `(3 new) Jobs`, `(3 new, 7 failed) Jobs`. */
function withNew(title: string, fresh: string): string {
  return title.startsWith("(") ? `(${fresh} new, ${title.slice(1)}` : `(${fresh} new) ${title}`;
}

function write(element: Element | null | undefined, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}
