/**
 * The search field keeps its text through every swap. A link to another query, Back and Forward write theirs into it, unless
 * the user has begun to type while the link's list was loading.
 */
import { onHtmx } from "./htmx-events";
import { isHistoryRestore } from "./swappable";
import { holdsTable, jobTable } from "./table";
import { isTyping } from "./typing";

const searchField = () => document.querySelector<HTMLInputElement>("input#search");

/** Writes the text of the list that is shown into the field. */
export function showText(): void {
  const field = searchField();
  if (field) field.value = jobTable()?.dataset["q"] ?? "";
}

export function wireSearchText(): void {
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    const table = jobTable();
    const field = searchField();
    if (!table || !field || !holdsTable(ctx.target)) return;
    const { doubted } = table.dataset;
    // Only links push a URL. The source element does not tell: the swap may have removed it.
    if ((ctx.push && !isTyping()) || isHistoryRestore(ctx)) showText();
    if (doubted === undefined) field.removeAttribute("aria-invalid");
    else field.setAttribute("aria-invalid", "true");
  });
}
