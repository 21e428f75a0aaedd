/** Escape in the search field clears it. htmx hears the `input` event and does the rest. */
function searchField(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("input#search");
}

function onKey(event: KeyboardEvent): void {
  const field = searchField();
  if (!field || event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target === field && field.value !== "") {
    event.preventDefault();
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function wireSearchKeys(): void {
  document.addEventListener("keydown", onKey);
}
