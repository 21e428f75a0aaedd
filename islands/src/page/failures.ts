/** Reports failed htmx requests in the banner, with a button that retries them. */
import { hideBanner, OPENING, showBanner, showOffline } from "./banner";
import { type HtmxRequestCtx, onHtmx } from "./htmx-events";
import { isHistoryRestore, isSwappable } from "./swappable";
import { holdsTable, PANEL_ID } from "./table";

export type RetryRequest = (ctx: HtmxRequestCtx) => void;

const SUBJECTS: Readonly<Record<string, string>> = {
  activity: "the chart",
  "job-peek": "the job",
  "job-history": "the history",
};

function subject({ target }: HtmxRequestCtx): string {
  return holdsTable(target) ? "the list" : (SUBJECTS[target.id] ?? "the page");
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
  if (error === "timeout") return "the server took too long";
  return navigator.onLine ? "the server did not respond" : "there was no connection";
}

/** Another list or page was asked for, unlike a refresh of what is shown. */
function isOpening({ sourceElement, target }: HtmxRequestCtx): boolean {
  return holdsTable(target) && sourceElement.id !== PANEL_ID;
}

/** `retry`: for a refresh that may succeed later. Without it, there is nothing to retry about this part of the page. */
type OnOutcome = (about: string, retry?: () => void) => void;
let onOutcome: OnOutcome = () => {};

export function onRefreshOutcome(handler: OnOutcome): void {
  onOutcome = handler;
}

/** What was opened waits for Retry: the user may have gone on since, and the next keys would hit other jobs. */
export function wireFailures(retryRequest: RetryRequest): void {
  const show = (ctx: HtmxRequestCtx, error?: unknown) => {
    const about = subject(ctx);
    const retry = () => (isHistoryRestore(ctx) ? location.reload() : retryRequest(ctx));
    const opens = isOpening(ctx);
    onOutcome(about, opens || (ctx.response && ctx.response.status < 500) ? undefined : retry);
    if (!opens && !ctx.response && !navigator.onLine) showOffline();
    else
      showBanner(
        opens ? OPENING : about,
        `Couldn’t ${opens ? "open" : "refresh"} ${about}: ${reason(ctx, error)}.`,
        retry,
      );
  };
  onHtmx("htmx:response:error", ({ detail: { ctx } }) => {
    if (!isSwappable(ctx)) show(ctx);
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    onOutcome(subject(ctx));
    hideBanner(subject(ctx));
    if (isOpening(ctx)) hideBanner(OPENING);
  });
  // Without a context the error is in the page's own markup, and htmx has logged it.
  onHtmx("htmx:error", ({ detail: { ctx, error } }) => {
    if (ctx) show(ctx, error);
  });
}
