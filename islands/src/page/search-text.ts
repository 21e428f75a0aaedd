/**
 * The search field keeps its text through every swap. A link to another query, Back and Forward write theirs into it, unless
 * the user has begun to type while the link's list was loading.
 */
import { onHtmx } from "./htmx-events";
import { isHistoryRestore } from "./swappable";
import { holdsTable, jobTable } from "./table";
import { isTyping } from "./typing";

export function wireSearchText(): void {
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    const table = jobTable();
    const field = document.querySelector<HTMLInputElement>("input#search");
    if (!table || !field || !holdsTable(ctx.target)) return;
    const { q, doubted } = table.dataset;
    // Only links push a URL. The source element does not tell: the swap may have removed it.
    if ((ctx.push && !isTyping()) || isHistoryRestore(ctx)) field.value = q ?? "";
    if (doubted === undefined) field.removeAttribute("aria-invalid");
    else field.setAttribute("aria-invalid", "true");
  });
}
