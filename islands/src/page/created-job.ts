/** Tells the create form whether the list that was refetched for a new job shows it: filters or the order may not. */
import { rowOf } from "../dom";
import { emit, onEvent } from "../events";
import { onHtmx } from "./htmx-events";
import { PANEL_ID } from "./table";

let awaited: string | undefined;

export function wireCreatedJob(): void {
  onEvent("job:created", ({ job }) => {
    awaited = String(job.id);
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    if (awaited === undefined || ctx.sourceElement.id !== PANEL_ID) return;
    const id = awaited;
    awaited = undefined;
    if (!rowOf(id)) emit("job:not-in-list", { id });
  });
}
