/** Escape in the search field. */
import { isComposing } from "../composing";
import { searchField } from "./half-typed";

/**
 * Browsers clear a search field on Escape. Here it leaves the field and keeps the text: the shortcuts do that, and this
 * does it where they are not loaded. Listens on the window, after them. An open popover is closed instead.
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
}
