/** The dialog that lists all shortcuts, switches single-key shortcuts off, and rebinds them. */
import { h, showInSteps } from "../dom";
import { openModal } from "../modal";
import { allKeysOf, areSingleKeysOff, keysOf, resetKeys, switchSingleKeys } from "./bindings";
import { Capture, type Report } from "./capture";
import { type Command, type Group, isCommandId, KEYMAP } from "./keymap";
import { isCharacter, keysText, spokenKeys } from "./strokes";

/** The first column is the longest one. */
const COLUMNS: readonly (readonly Group[])[] = [["Move", "Select"], ["Change", "Go to"], ["More"]];

let capture: Capture | undefined;

export function openHelp(): void {
  const dialog = h("dialog", { class: "dialog keys", "aria-labelledby": "keys-title" });
  const single = h("input", { type: "checkbox", id: "single-keys" });
  const message = h("span", { role: "status" });
  const swap = h("button", { type: "button", class: "button", hidden: true }, "Swap");
  const lists = h("div", { class: "lists" });
  const reset = h("button", { type: "button", class: "button quiet" }, "Reset all");
  const close = h("button", { value: "close", class: "button" }, "Close");
  let takeSwap: (() => Report) | undefined;

  const show = (atOnce = COLUMNS.length) => {
    single.checked = !areSingleKeysOff();
    showInSteps(lists, COLUMNS.map(column), atOnce);
  };
  const say = (text: string) => {
    message.textContent = text;
    takeSwap = undefined;
    swap.hidden = true;
  };
  /** The button that was pressed is replaced with the lists. */
  const report = (id: string, { text, changed, swap: offered }: Report) => {
    say(text);
    takeSwap = offered;
    swap.hidden = offered === undefined;
    swap.dataset["id"] = id;
    if (changed) {
      show();
      lists.querySelector<HTMLElement>(`[data-change="${id}"]`)?.focus();
    }
    if (offered) swap.focus();
  };
  single.addEventListener("change", () => {
    switchSingleKeys(single.checked);
    say(single.checked ? "Single-key shortcuts are on." : "Single-key shortcuts are off.");
    show();
  });
  reset.addEventListener("click", () => {
    resetKeys();
    say("Shortcuts reset to defaults.");
    show();
  });
  swap.addEventListener("click", () => {
    if (takeSwap) report(swap.dataset["id"] ?? "", takeSwap());
  });
  lists.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button) startCapture(button, report);
  });
  dialog.addEventListener("keydown", (event) => capture?.onKey(event), true);
  dialog.addEventListener("focusout", () => capture?.stop());

  const head = h("label", { for: "single-keys" }, single, " Single-key shortcuts");
  const foot = h("menu", {}, h("li", { class: "hint" }, message, " ", swap), h("li", {}, close));
  const title = h("h2", { id: "keys-title" }, "Keyboard shortcuts");
  const hint = h("p", {}, `Select a shortcut to change it. Fixed, and always on: ${fixedKeys()}.`);
  dialog.append(h("form", { method: "dialog" }, title, reset, head, hint, lists, foot));
  show(1); // the browser takes as long for the others as for the rest of the dialog
  openModal(dialog);
  single.focus();
}

/** All keys that write no text. */
function fixedKeys(): string {
  const fixed = KEYMAP.flatMap(({ keys }) => keys.filter((one) => !isCharacter(one)));
  return [...new Set(fixed)].map((one) => keysText(one)).join(", ");
}

function column(groups: readonly Group[]): HTMLElement {
  return h("div", {}, ...groups.map(list));
}

function list(group: Group): HTMLElement {
  const rows = KEYMAP.filter((entry) => entry.group === group).map((entry) =>
    h("tr", {}, h("th", { scope: "row" }, entry.label), h("td", {}, ...keys(entry))),
  );
  return h("table", {}, h("caption", {}, group), h("tbody", {}, ...rows));
}

/** The first key is a button that rebinds it, unless it writes no text; the others are fixed. */
function keys(entry: Command): (Node | string)[] {
  const active = new Set(keysOf(entry.id));
  return allKeysOf(entry).flatMap((strokes, index) => {
    const text = h("kbd", { "data-off": !active.has(strokes) }, keysText(strokes));
    if (index > 0 || !isCharacter(strokes)) return [text, " "];
    const name = `${entry.label}: ${spokenKeys(strokes)}. Change`;
    return [
      h("button", { type: "button", class: "button quiet", "data-change": entry.id, "aria-label": name }, text),
      " ",
    ];
  });
}

function startCapture(button: HTMLButtonElement, report: (id: string, report: Report) => void): void {
  capture?.stop();
  const id = button.dataset["change"];
  if (!isCommandId(id)) return;
  button.setAttribute("aria-pressed", "true");
  capture = new Capture(
    id,
    (result) => report(id, result),
    () => {
      button.removeAttribute("aria-pressed");
      capture = undefined;
    },
  );
}
