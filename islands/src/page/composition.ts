/** A search waits for a pause in typing. If an input method begins to compose meanwhile, it waits for the end of that. */
import { onHtmx } from "./htmx-events";

const FIELD = "input#search";
/** The text of the field before the composition; undefined if nothing is being composed. */
let before: string | undefined;
let wasHeld = false;

function onStart({ target }: Event): void {
  if (!(target instanceof HTMLInputElement) || !target.matches(FIELD)) return;
  before = target.value;
  wasHeld = false;
}

/** Unfinished text is not searched for. */
function onInput(event: Event): void {
  const { target } = event;
  if (event instanceof InputEvent && event.isComposing && target instanceof Element && target.matches(FIELD))
    event.stopImmediatePropagation();
}

/** A changed text is searched for as after any other typing. */
function onEnd({ target }: Event): void {
  if (!(target instanceof HTMLInputElement) || !target.matches(FIELD)) return;
  const isUnchanged = target.value === before;
  before = undefined;
  if (wasHeld && isUnchanged) target.form?.requestSubmit();
  target.dispatchEvent(new Event("input", { bubbles: true }));
}

export function wireComposition(): void {
  document.addEventListener("input", onInput, true);
  document.addEventListener("compositionstart", onStart);
  document.addEventListener("compositionend", onEnd);
  onHtmx("htmx:before:request", (event) => {
    if (before === undefined || !event.detail.ctx.sourceElement.querySelector(FIELD)) return;
    wasHeld = true;
    event.preventDefault();
  });
}
