/** Typing in the search. What is typed without a break is one search, and one entry of the browser's history. */
import { type HtmxRequestCtx, onHtmx } from "./htmx-events";

/**
 * A result appears within a second; who has looked at it for five has used it, and may want to come back to it. Shorter
 * pauses are part of typing.
 */
const PAUSE_MS = 5_000;

let search = 0;
let isOver = true;
let pushed: number | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const searchOf = new WeakMap<HtmxRequestCtx, number>();

/** Whether the text in the field is newer than the list. */
export const isTyping = () => !isOver;

/** The next letter begins another search. `for good`: so does a request for what has been typed already. */
export function endTyping(how?: "for good"): void {
  clearTimeout(timer);
  isOver = true;
  if (how) search += 1;
}

/** Whether this response is the first one of its search. */
export function beginsSearch(ctx: HtmxRequestCtx): boolean {
  const which = searchOf.get(ctx);
  if (which === undefined || which === pushed) return false;
  pushed = which;
  return true;
}

const isSearch = (target: EventTarget | null) => target instanceof Element && target.id === "search";

function onInput({ target }: Event): void {
  if (!isSearch(target)) return;
  if (isOver) search += 1;
  isOver = false;
  clearTimeout(timer);
  timer = setTimeout(endTyping, PAUSE_MS);
}

export function wireTyping(): void {
  // In the capture phase: an input method's unfinished text stops there, but is typing too.
  document.addEventListener("input", onInput, true);
  document.addEventListener("keydown", ({ key, target }) => {
    if (isSearch(target) && (key === "Enter" || key === "Escape")) endTyping();
  });
  document.addEventListener("focusout", ({ target }) => {
    if (isSearch(target)) endTyping();
  });
  onHtmx("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.id === "job-search") searchOf.set(ctx, search);
  });
}
