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

/** What an error page says of itself. */
function said(text: string | undefined): string | undefined {
  const page = new DOMParser().parseFromString(text ?? "", "text/html");
  return page.querySelector<HTMLElement>("[data-reason]")?.dataset["reason"];
}

function reason({ response, text }: HtmxRequestCtx, error: unknown): string {
  const told = response?.status === 503 ? said(text) : undefined;
  if (told) return told;
  if (response?.status === 414) return "what is asked for is too long for an address";
  if (response && response.status >= 500) return `the server failed (${response.status})`;
  if (response && response.status >= 400) return `the server refused it (${response.status})`;
  if (response) return "the answer could not be shown";
  if (!navigator.onLine) return "you are offline";
  return error === "timeout" ? "the server took too long" : "the server did not answer";
}

/** What only wants the connection, by subject: the banner has room for one failure, and each is made good. */
const waiting = new Map<string, () => void>();

function retryWaiting(): void {
  const retries = [...waiting.values()];
  waiting.clear();
  for (const retry of retries) retry();
}

export function wireFailures(repeat: Repeat): void {
  const show = (ctx: HtmxRequestCtx, error?: unknown) => {
    const about = subject(ctx);
    const retry = () => (isHistoryRestore(ctx) ? location.reload() : repeat(ctx));
    if (ctx.response || navigator.onLine) waiting.delete(about);
    else waiting.set(about, retry);
    showBanner(about, `${about} could not be refreshed: ${reason(ctx, error)}.`, retry);
  };
  addEventListener("online", retryWaiting);
  // Who has dismissed it does not look for it any more: no list changes under the eyes later.
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("#banner [aria-label]")) waiting.clear();
  });
  onHtmx("htmx:response:error", ({ detail: { ctx } }) => {
    if (!isShown(ctx)) show(ctx);
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    waiting.delete(subject(ctx));
    hideBanner(subject(ctx));
  });
  // Without a context it is a fault in the page's own markup, which htmx has written to the console.
  onHtmx("htmx:error", ({ detail: { ctx, error } }) => {
    if (ctx) show(ctx, error);
  });
}
