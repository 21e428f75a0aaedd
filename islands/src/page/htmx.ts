/** Configures htmx, and what the page does around its requests. */
import htmx, { type HtmxRequestCtx } from "htmx.org";
import { TIMEOUT_MS } from "../api/timeout";
import { wireFailures } from "./failures";
import { wireLoading } from "./loading";
import { wireSwaps } from "./swaps";

/** If the source element was removed meanwhile, the target takes its place as the source. */
function retryRequest({ sourceElement, target, request, swap, select, push, replace }: HtmxRequestCtx): void {
  const source = [sourceElement, target].find((element) => element.isConnected);
  if (source) void htmx.ajax(request.method, request.action, { source, target, swap, select, push, replace });
  else location.reload();
}

export function wireHtmx(): void {
  htmx.config.defaultTimeout = TIMEOUT_MS;
  // What the user has opened stays open through a refresh, and the tabs as wide as they are without a search.
  htmx.config.morphIgnore.push("open", "data-widest");
  wireSwaps();
  wireLoading();
  wireFailures(retryRequest);
}
