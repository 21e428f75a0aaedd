/** Shows shortcuts on the controls they trigger: in titles, and in the hints that the page renders. */
import { keysOf, onBindings } from "../keys/bindings";
import type { CommandId } from "../keys/keymap";
import { keysText, spokenKeys } from "../keys/strokes";
import { onHtmx } from "../page/htmx-events";

/** Controls without a `data-run` attribute. */
const CONTROLS: readonly (readonly [selector: string, id: CommandId, title: string])[] = [
  ["a#page-previous", "previous-page", "Previous page"],
  ["a#page-next", "next-page", "Next page"],
  ["a#page-first", "first-page", "First page"],
  ["a#page-last", "last-page", "Last page"],
  ["create-job button[type=submit]", "create", "Create job"],
  [".crumb a[href]", "back", "Back to the list"],
  [".head [data-delete-job]", "delete", "Delete"],
];
/** Hints that the server renders with the default keys. */
const RENDERED: readonly (readonly [selector: string, id: CommandId])[] = [
  [".search kbd", "search"],
  ["[data-run=palette] kbd", "palette"],
  ["[data-run=help] kbd", "help"],
];

function showHints(): void {
  for (const [selector, id, label] of CONTROLS) {
    const [keys] = keysOf(id);
    const control = document.querySelector<HTMLElement>(selector);
    if (control) control.title = keys ? `${label} (${keysText(keys)})` : label;
  }
  for (const [selector, id] of RENDERED) {
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

/** Fills the hints that scripts create: elements whose `data-keys-of` is a command. */
export function showKeysIn(part: Element): void {
  for (const hint of part.querySelectorAll<HTMLElement>("[data-keys-of]")) {
    const [keys] = keysOf(hint.dataset["keysOf"] as CommandId);
    const text = keys ? keysText(keys) : "";
    if (hint.textContent !== text) hint.textContent = text;
    hint.hidden = keys === undefined;
  }
}

/** Islands know nothing of shortcuts, so what they open gets its hints here. */
function onBeforeToggle({ target }: Event): void {
  if (target instanceof Element) showKeysIn(target);
}

export function wireControlHints(): void {
  showHints();
  onBindings(showHints);
  onHtmx("htmx:after:swap", showHints);
  document.addEventListener("beforetoggle", onBeforeToggle, true); // it does not bubble
}
