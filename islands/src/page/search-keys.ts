/** `/` goes to the search field, Escape in it clears it. htmx hears the `input` event and does the rest. */
const TYPING = "input, textarea, select, [contenteditable]";

function searchField(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("input#search");
}

function onKey(event: KeyboardEvent): void {
  const field = searchField();
  if (!field || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && mayTakeFocus(event.target)) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "Escape" && event.target === field && field.value !== "") {
    event.preventDefault();
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function mayTakeFocus(target: EventTarget | null): boolean {
  if (document.querySelector("dialog[open]")) return false;
  return !(target instanceof Element && target.closest(TYPING));
}

export function wireSearchKeys(): void {
  document.addEventListener("keydown", onKey);
}
