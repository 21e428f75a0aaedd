/** The list of suggestions below the search field. The focus stays in the field, which names the active one. */
import { STATUSES } from "../api/statuses";
import { h, icon } from "../dom";
import { searchField } from "../page/half-typed";
import type { Suggestion } from "./suggest";

const list = () => document.getElementById("search-options");

let shown: readonly Suggestion[] = [];
let active = -1;

export const isShown = () => shown.length > 0;
export const activeSuggestion = () => shown[active];
/** A recent search would replace the whole text, so it is never taken unasked. */
export const onlySuggestion = () => (shown.length === 1 && !shown[0]?.isRecent ? shown[0] : undefined);
/** The suggestion that the element is in. */
export function suggestionAt(target: EventTarget | null): Suggestion | undefined {
  const line = target instanceof Element ? target.closest("#search-options [role=option]") : null;
  return line ? shown[[...(list()?.children ?? [])].indexOf(line)] : undefined;
}

/** None is active until the user moves to one: Enter still searches. An empty list is closed. */
export function show(suggestions: readonly Suggestion[]): void {
  shown = suggestions;
  const popup = list();
  popup?.replaceChildren(...suggestions.map(line));
  if (popup) popup.hidden = suggestions.length === 0;
  searchField()?.setAttribute("aria-expanded", String(suggestions.length > 0));
  activate(-1);
}

/** Through the list and around its ends. */
export function move(by: 1 | -1): void {
  const count = shown.length;
  activate(active < 0 && by < 0 ? count - 1 : (active + by + count) % count);
}

function activate(index: number): void {
  active = index;
  const lines = [...(list()?.children ?? [])];
  for (const [at, each] of lines.entries()) each.setAttribute("aria-selected", String(at === index));
  const line = lines[index];
  if (line) searchField()?.setAttribute("aria-activedescendant", line.id);
  else searchField()?.removeAttribute("aria-activedescendant");
  line?.scrollIntoView({ block: "nearest" });
}

function line({ label, words, status, isRecent }: Suggestion, index: number): HTMLElement {
  const id = `search-option-${index}`;
  const element = h("div", { role: "option", id, "aria-selected": "false", "data-status": status });
  if (status) element.append(icon(STATUSES[status].icon));
  element.append(h("bdi", { translate: "no", class: isRecent ? "recent" : undefined }, label));
  if (words) element.append(" ", h("small", {}, words));
  return element;
}
