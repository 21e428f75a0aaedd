/** Which answers may be shown. An error page never replaces a part of the page; the banner speaks instead. */
import type { HtmxRequestCtx } from "./htmx-events";
import { TABLE_ID } from "./table";

/** Back and Forward have changed the address already: the page that belongs to it is shown, whatever it is. */
export function isHistoryRestore(ctx: HtmxRequestCtx): boolean {
  return "HX-History-Restore-Request" in ctx.request.headers;
}

/** A 400 that brings the table says itself what is wrong with the filters. */
export function isShown(ctx: HtmxRequestCtx): boolean {
  const status = ctx.response?.status ?? 0;
  if (status < 400 || isHistoryRestore(ctx)) return true;
  return status === 400 && ctx.text?.includes(`id="${TABLE_ID}"`) === true;
}
