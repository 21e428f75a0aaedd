/** A selection belongs to one list: it outlives pages, refreshes and reloads, and ends with another list. */

import { onHtmx } from "../page/htmx-events";
import { jobCount } from "../page/job-count";
import { holdsTable, listKey } from "../page/table";
import { showHint } from "./hints";
import { keepSelectionIn } from "./selection";

/** An explanation in place of the list says nothing about which list comes next. */
function check(): void {
  const list = listKey();
  const dropped = list === undefined ? 0 : keepSelectionIn(list);
  if (dropped > 0) showHint(`Selection cleared: ${jobCount(dropped)}`);
}

export function wireSelectionScope(): void {
  check();
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    if (holdsTable(ctx.target)) check();
  });
}
