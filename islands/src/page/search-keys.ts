/** Escape in the search field clears it. htmx hears the `input` event and does the rest. */
import { isComposing } from "../keys/composing";

function searchField(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("input#search");
}

/** What is still being composed is no search: it is asked for when it is done. */
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
