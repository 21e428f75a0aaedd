/** The search field keeps what is being typed through every swap; a link to another question writes that one into it. */
import { onHtmx } from "./htmx-events";
import { holdsTable, jobTable } from "./table";

export function wireSearchText(): void {
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    const table = jobTable();
    const field = document.querySelector<HTMLInputElement>("input#search");
    if (!table || !field || !holdsTable(ctx.target)) return;
    const { q, doubted } = table.dataset;
    // Links push an address. Which element asked is not known any more where the swap removed it.
    if (ctx.push) field.value = q ?? "";
    if (doubted === undefined) field.removeAttribute("aria-invalid");
    else field.setAttribute("aria-invalid", "true");
  });
}
