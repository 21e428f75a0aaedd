/** Keys and input methods in the search field. */
import { isComposing } from "../composing";

function searchField(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("input#search");
}

/** Does not search while an input method is composing; `onComposed` searches when it is done. */
function onInput(event: Event): void {
  if (event.target === searchField() && event instanceof InputEvent && event.isComposing)
    event.stopImmediatePropagation();
}

function onComposed({ target }: Event): void {
  if (target instanceof Element && target === searchField())
    target.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * Browsers clear a search field on Escape. Here it leaves the field and keeps the text: the shortcuts do that, and this
 * does it as long as they are not loaded. Listens on the window, after them. An open popover is closed instead.
 */
function onKey(event: KeyboardEvent): void {
  const field = searchField();
  if (event.key !== "Escape" || event.target !== field || event.defaultPrevented || isComposing(event)) return;
  event.preventDefault();
  const popover = openPopover();
  if (popover) popover.hidePopover();
  else field?.blur();
}

/** Null if there is none, or the browser does not support popovers. */
function openPopover(): HTMLElement | null {
  try {
    return document.querySelector<HTMLElement>(":popover-open");
  } catch {
    return null;
  }
}

export function wireSearchKeys(): void {
  window.addEventListener("keydown", onKey);
  document.addEventListener("input", onInput, true);
  document.addEventListener("compositionend", onComposed);
}
