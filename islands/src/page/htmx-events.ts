import type { HtmxEventMap, HtmxRequestCtx } from "htmx.org";

export type { HtmxRequestCtx };

/** htmx events bubble to the document, or are dispatched on it if their element was removed. */
export function onHtmx<Name extends keyof HtmxEventMap>(
  name: Name,
  handler: (event: CustomEvent<HtmxEventMap[Name]>) => void,
): void {
  document.addEventListener(name, (event) => handler(event as CustomEvent<HtmxEventMap[Name]>));
}
