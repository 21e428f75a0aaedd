/** The search field keeps what is being typed through every swap; a link to another question writes that one into it. */
import { onHtmx } from "./htmx-events";
import { holdsTable, jobTable } from "./table";

export function wireSearchText(): void {
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    const table = jobTable();
    const field = document.querySelector<HTMLInputElement>("input#search");
    if (!table || !field || !holdsTable(ctx.target)) return;
    const { q, doubted } = table.dataset;
    if (ctx.sourceElement.matches("a")) field.value = q ?? "";
    if (doubted === undefined) field.removeAttribute("aria-invalid");
    else field.setAttribute("aria-invalid", "true");
  });
}
