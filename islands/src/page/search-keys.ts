/** Escape clears the search field. The `input` event makes htmx update the list. */
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

function onKey(event: KeyboardEvent): void {
  const field = searchField();
  if (!field || event.defaultPrevented || isComposing(event)) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target === field && field.value !== "") {
    event.preventDefault();
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function wireSearchKeys(): void {
  document.addEventListener("keydown", onKey);
  document.addEventListener("input", onInput, true);
  document.addEventListener("compositionend", onComposed);
}
