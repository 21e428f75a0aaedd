/** The search field beyond a plain one: half-typed filters, Escape, and completion, which loads when it gets the focus. */
import { searchField, wireHalfTyped } from "../page/half-typed";
import { onHtmx } from "../page/htmx-events";
import { wireSearchKeys } from "../page/search-keys";

let isLoading = false;

/** Without scripts there are no suggestions, so the server sends a plain field. */
function describe(): void {
  const field = searchField();
  if (!field || field.role === "combobox") return;
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
  for (const [name, value] of Object.entries(attributes)) field.setAttribute(name, value);
  field.setAttribute("aria-controls", "search-options");
}

/** What is typed meanwhile stays in the field. */
async function load(): Promise<void> {
  const text = searchField()?.value;
  isLoading = true;
  try {
    const { refresh, wireCompletion } = await import("./completion");
    document.removeEventListener("focusin", onFocus);
    wireCompletion();
    const field = searchField();
    if (document.activeElement === field && (field?.value === "" || field?.value !== text)) refresh();
  } catch (error) {
    // The field works without; the next focus tries again.
    console.error(error);
    isLoading = false;
  }
}

function onFocus(): void {
  if (document.activeElement === searchField() && searchField() && !isLoading) void load();
}

export function startSearch(): void {
  wireHalfTyped();
  wireSearchKeys();
  describe();
  onHtmx("htmx:after:swap", describe);
  document.addEventListener("focusin", onFocus);
  onFocus();
}
