/** Says in the banner why something could not be fetched, with the same request again at hand. */
import { isHistoryRestore, isShown } from "./answers";
import { hideBanner, showBanner } from "./banner";
import { type HtmxRequestCtx, onHtmx } from "./htmx-events";
import { holdsTable } from "./table";

export type Repeat = (ctx: HtmxRequestCtx) => void;

function subject({ target }: HtmxRequestCtx): string {
  if (holdsTable(target)) return "The list";
  if (target.id === "activity") return "The chart";
  return target.id === "job-history" ? "The history" : "The page";
}

function reason({ response }: HtmxRequestCtx, error: unknown): string {
  if (response && response.status >= 500) return `the server failed (${response.status})`;
  if (response && response.status >= 400) return `the server refused it (${response.status})`;
  if (response) return "the answer could not be shown";
  if (!navigator.onLine) return "you are offline";
  return error === "timeout" ? "the server took too long" : "the server did not answer";
}

export function wireFailures(repeat: Repeat): void {
  const show = (ctx: HtmxRequestCtx, error?: unknown) =>
    showBanner(subject(ctx), `${subject(ctx)} could not be refreshed: ${reason(ctx, error)}.`, () =>
      isHistoryRestore(ctx) ? location.reload() : repeat(ctx),
    );
  onHtmx("htmx:response:error", ({ detail: { ctx } }) => {
    if (!isShown(ctx)) show(ctx);
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => hideBanner(subject(ctx)));
  // Without a context it is a fault in the page's own markup, which htmx has written to the console.
  onHtmx("htmx:error", ({ detail: { ctx, error } }) => {
    if (ctx) show(ctx, error);
  });
}
