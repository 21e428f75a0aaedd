/**
 * Reports when the browser goes offline and when it is online again, and repeats refreshes that failed: as soon as there
 * is a sign that the server responds again, and meanwhile less and less often.
 */
import { onEvent } from "../events";
import { announce } from "./announcer";
import { hideBanner, OFFLINE, OPENING, showBanner, showOffline } from "./banner";
import { onRefreshOutcome } from "./failures";
import { showText } from "./search-text";

const FIRST_RETRY_MS = 5_000;
const MAX_RETRY_MS = 120_000;

/** By part of the page. The banner shows one failure, but all of them are retried. */
const pending = new Map<string, () => void>();
let delay = FIRST_RETRY_MS;
let timer: ReturnType<typeof setTimeout> | undefined;
let isLeaving = false;

function retryPending(): void {
  clearTimeout(timer);
  const retries = [...pending.values()];
  pending.clear();
  for (const retry of retries) retry();
}

function onOutcome(about: string, retry?: () => void): void {
  clearTimeout(timer);
  if (retry) pending.set(about, retry);
  else {
    pending.delete(about);
    delay = FIRST_RETRY_MS;
  }
  if (pending.size === 0 || !navigator.onLine) return;
  timer = setTimeout(retryPending, delay);
  if (retry) delay = Math.min(delay * 2, MAX_RETRY_MS);
}

function online(): void {
  hideBanner(OFFLINE);
  announce(OFFLINE, "You’re back online");
  retryPending();
}

/** Another page: without a connection, the browser would show its own error page in place of this one. */
function onNavigate(event: NavigateEvent): void {
  const { url, sameDocument } = event.destination;
  if (navigator.onLine || sameDocument || isLeaving) return;
  event.preventDefault();
  void leave(url);
}

/** A server on the same machine responds without a network too. */
async function leave(url: string): Promise<void> {
  try {
    await fetch("/api/health/");
    isLeaving = true;
    location.assign(url);
    isLeaving = false;
  } catch {
    showBanner(OPENING, "Couldn’t open the page: there was no connection.", () => void leave(url));
  }
}

export function wireOffline(): void {
  onRefreshOutcome(onOutcome);
  onEvent("server:back", retryPending);
  addEventListener("offline", showOffline);
  // Older browsers cannot tell.
  window.navigation?.addEventListener("navigate", onNavigate);
  addEventListener("online", online);
  // After the banner is dismissed nothing is retried: the list must not change unexpectedly later.
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element && target.closest("#banner [aria-label]"))) return;
    pending.clear();
    // Nor is the search that failed.
    if (document.activeElement?.id !== "search") showText();
  });
  if (!navigator.onLine) showOffline();
}
