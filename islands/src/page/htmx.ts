/** htmx: its settings, and what the page does around its requests. */
import htmx, { type HtmxRequestCtx } from "htmx.org";
import { wireFailures } from "./failures";
import { wireLoading } from "./loading";
import { wireSwaps } from "./swaps";

const TIMEOUT_MS = 15_000;

/** The element that asked may be gone by now; then the one that was to be replaced asks. */
function repeat({ sourceElement, target, request, swap, select, push, replace }: HtmxRequestCtx): void {
  const source = [sourceElement, target].find((element) => element.isConnected);
  if (source) void htmx.ajax(request.method, request.action, { source, target, swap, select, push, replace });
  else location.reload();
}

export function wireHtmx(): void {
  htmx.config.defaultTimeout = TIMEOUT_MS;
  // What a person has opened stays open while it is refreshed.
  htmx.config.morphIgnore.push("open");
  wireSwaps();
  wireLoading();
  wireFailures(repeat);
}
