/** The keys, said on the controls that they stand for: as titles, and where the page prints them. */
import { keysOf, onBindings } from "../keys/bindings";
import type { CommandId } from "../keys/keymap";
import { keysText, spokenKeys } from "../keys/strokes";
import { onHtmx } from "../page/htmx-events";

/** Controls that carry no `data-run` of their own. */
const CONTROLS: readonly (readonly [selector: string, id: CommandId, title: string])[] = [
  ["a#page-2", "previous-page", "Previous page"],
  ["a#page-3", "next-page", "Next page"],
  ["create-job button[type=submit]", "create", "To the name of a new job"],
  [".crumb a[href]", "back", "Back to the list"],
  [".head [data-delete-job]", "delete", "Delete"],
];
/** Hints that the server prints, for the keys as they are at first. */
const PRINTED: readonly (readonly [selector: string, id: CommandId])[] = [
  [".search kbd", "search"],
  ["[data-run=palette] kbd", "palette"],
  ["[data-run=help] kbd", "help"],
];

export function showHints(): void {
  for (const [selector, id, words] of CONTROLS) {
    const [keys] = keysOf(id);
    const control = document.querySelector<HTMLElement>(selector);
    if (control) control.title = keys ? `${words} (${keysText(keys)})` : words;
  }
  for (const [selector, id] of PRINTED) {
    const [keys] = keysOf(id);
    const hint = document.querySelector<HTMLElement>(selector);
    if (hint) hint.textContent = keys ? keysText(keys) : "";
    hint?.toggleAttribute("data-none", keys === undefined);
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-run]")) {
    button.disabled = false;
    const [keys] = keysOf(button.dataset["run"] as CommandId);
    if (keys) button.setAttribute("aria-keyshortcuts", spokenKeys(keys).replaceAll(" then ", " "));
    else button.removeAttribute("aria-keyshortcuts");
  }
}

export function wireHints(): void {
  showHints();
  onBindings(showHints);
  onHtmx("htmx:after:swap", showHints);
}
