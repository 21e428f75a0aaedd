/** Reports failed htmx requests in the banner, with a button that retries them. */
import { onEvent } from "../events";
import { hideBanner, showBanner, showOffline } from "./banner";
import { type HtmxRequestCtx, onHtmx } from "./htmx-events";
import { isHistoryRestore, isSwappable } from "./swappable";
import { holdsTable } from "./table";

export type RetryRequest = (ctx: HtmxRequestCtx) => void;

function subject({ target }: HtmxRequestCtx): string {
  if (holdsTable(target)) return "the list";
  if (target.id === "activity") return "the chart";
  return target.id === "job-history" ? "the history" : "the page";
}

/** The reason that an error page states. */
function statedReason(text: string | undefined): string | undefined {
  const page = new DOMParser().parseFromString(text ?? "", "text/html");
  return page.querySelector<HTMLElement>("[data-reason]")?.dataset["reason"];
}

function reason({ response, text }: HtmxRequestCtx, error: unknown): string {
  const stated = response?.status === 503 ? statedReason(text) : undefined;
  if (stated) return stated;
  if (response?.status === 414) return "the URL is too long";
  if (response && response.status >= 500) return `server error (${response.status})`;
  if (response && response.status >= 400) return `request refused (${response.status})`;
  if (response) return "the response could not be displayed";
  return error === "timeout" ? "the server took too long" : "the server did not respond";
}

/** Whether the server, or the way to it, failed: once it responds again, a retry may succeed. */
function isUnreachable({ response }: HtmxRequestCtx): boolean {
  return !response || response.status >= 502;
}

/** Retries to run when the server responds again, by subject. The banner shows one failure, but all of them are retried. */
const pendingRetries = new Map<string, () => void>();

function retryPending(): void {
  const retries = [...pendingRetries.values()];
  pendingRetries.clear();
  for (const retry of retries) retry();
}

export function wireFailures(retryRequest: RetryRequest): void {
  const show = (ctx: HtmxRequestCtx, error?: unknown) => {
    const about = subject(ctx);
    const retry = () => (isHistoryRestore(ctx) ? location.reload() : retryRequest(ctx));
    if (isUnreachable(ctx)) pendingRetries.set(about, retry);
    else pendingRetries.delete(about);
    if (!ctx.response && !navigator.onLine) showOffline();
    else showBanner(about, `Couldn’t refresh ${about}: ${reason(ctx, error)}.`, retry);
  };
  addEventListener("online", retryPending);
  onEvent("server:back", retryPending);
  // After the banner is dismissed nothing is retried: the list must not change unexpectedly later.
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("#banner [aria-label]")) pendingRetries.clear();
  });
  onHtmx("htmx:response:error", ({ detail: { ctx } }) => {
    if (!isSwappable(ctx)) show(ctx);
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    pendingRetries.delete(subject(ctx));
    hideBanner(subject(ctx));
  });
  // Without a context the error is in the page's own markup, and htmx has logged it.
  onHtmx("htmx:error", ({ detail: { ctx, error } }) => {
    if (ctx) show(ctx, error);
  });
}
