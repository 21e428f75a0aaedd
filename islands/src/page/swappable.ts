/** Which responses htmx may swap in. Error pages never replace a part of the page; the banner reports them instead. */
import type { HtmxRequestCtx } from "./htmx-events";
/** Back and Forward have already changed the URL, so its page is shown even if it is an error page. */
export function isHistoryRestore(ctx: HtmxRequestCtx): boolean {
  return "HX-History-Restore-Request" in ctx.request.headers;
}

/** Error responses are swapped in only if they contain the target, which then explains what is wrong. */
export function isSwappable(ctx: HtmxRequestCtx): boolean {
  const status = ctx.response?.status ?? 0;
  if (status < 400 || isHistoryRestore(ctx)) return true;
  return [400, 404, 503].includes(status) && ctx.text?.includes(`id="${ctx.target.id}"`) === true;
}
