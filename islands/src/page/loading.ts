/** Marks the table as loading during slow requests for it; quick ones show no indicator. */
import { type HtmxRequestCtx, onHtmx } from "./htmx-events";
import { holdsTable, jobTable } from "./table";

const SLOW_MS = 200;
const running = new Map<HtmxRequestCtx, ReturnType<typeof setTimeout>>();

export function wireLoading(): void {
  onHtmx("htmx:before:request", ({ detail: { ctx } }) => {
    if (!holdsTable(ctx.target)) return;
    running.set(
      ctx,
      setTimeout(() => jobTable()?.setAttribute("data-loading", ""), SLOW_MS),
    );
  });
  onHtmx("htmx:finally:request", ({ detail: { ctx } }) => {
    clearTimeout(running.get(ctx));
    running.delete(ctx);
    if (running.size === 0) jobTable()?.removeAttribute("data-loading");
  });
}
