/** Hints about keys above the bottom of the window: a line that disappears by itself, or the keys that may follow. */

import { isolate } from "../api/names";
import { h } from "../dom";
import { onPending, type Pending } from "../keys/listen";
import { keysText, spokenKeys } from "../keys/strokes";
import { announce } from "../page/announcer";
import { isolatedNodes } from "../page/isolated";
import { inDock } from "./dock";

const SHOWN_MS = 4_000;
/** Who knows the next key has pressed it by then. */
const PANEL_DELAY_MS = 400;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Hidden from screen readers, which get the same text from the announcer. */
function box(): HTMLElement {
  return inDock("hint", () => h("div", { class: "key-hint", "aria-hidden": "true", hidden: true }));
}

function show(...content: (Node | string)[]): void {
  const hint = box();
  hint.replaceChildren(...content);
  hint.hidden = false;
}

function hide(): void {
  clearTimeout(timer);
  const hint = document.querySelector<HTMLElement>(".key-hint");
  hint?.replaceChildren();
  if (hint) hint.hidden = true;
}

/** Shows and announces one line. */
export function showHint(text: string): void {
  clearTimeout(timer);
  show(h("p", {}, text));
  announce("hint", text);
  timer = setTimeout(hide, SHOWN_MS);
}

/** A part of the scripts. */
export function reportNotLoaded(): void {
  showHint("Couldn’t load this command. Check your connection, and try again.");
}

function showPanel({ typed, next: all }: Pending): void {
  // A label may be the name of a view; without one, the key has nothing to do.
  const next = all.filter(({ label }) => label !== "").map(({ keys, label }) => ({ keys, label: isolate(label) }));
  const items = next.map(({ keys, label }) => h("li", {}, h("kbd", {}, keysText(keys)), " ", ...isolatedNodes(label)));
  show(h("p", {}, h("kbd", {}, keysText(typed)), " then"), h("ul", {}, ...items));
  announce(
    "hint",
    `${spokenKeys(typed)}, then ${next.map(({ keys, label }) => `${spokenKeys(keys)}: ${label}`).join(", ")}`,
  );
}

/** A count has no continuations: any motion may follow it. */
export function wireHints(): void {
  onPending((pending) => {
    hide();
    if (pending && pending.next.length > 0) timer = setTimeout(() => showPanel(pending), PANEL_DELAY_MS);
  });
}
