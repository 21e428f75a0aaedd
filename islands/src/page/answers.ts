/** Which answers may be shown. An error page never replaces a part of the page; the banner speaks instead. */
import type { HtmxRequestCtx } from "./htmx-events";
import { TABLE_ID } from "./table";

/** Back and Forward have changed the address already: the page that belongs to it is shown, whatever it is. */
export function isHistoryRestore(ctx: HtmxRequestCtx): boolean {
  return "HX-History-Restore-Request" in ctx.request.headers;
}

/** An answer that brings the table says in it what is wrong: with the filters, or with the time they took. */
export function isShown(ctx: HtmxRequestCtx): boolean {
  const status = ctx.response?.status ?? 0;
  if (status < 400 || isHistoryRestore(ctx)) return true;
  return (status === 400 || status === 503) && ctx.text?.includes(`id="${TABLE_ID}"`) === true;
}
