/** The dialog that lists all shortcuts, switches single-key shortcuts off, and rebinds them. */
import { isComposing } from "../composing";
import { h } from "../dom";
import { allKeysOf, areSingleKeysOff, keysOf, rebind, resetKeys, switchSingleKeys } from "./bindings";
import { type Command, command, type Group, isCommandId, KEYMAP } from "./keymap";
import { isCharacter, keysText, spokenKeys, strokeOf } from "./strokes";

const GROUPS: readonly Group[] = ["Move", "Select", "Change", "Go to", "More"];

let capturing: HTMLButtonElement | undefined;

export function openHelp(): void {
  if (document.querySelector("dialog.keys[open]")) return;
  const dialog = h("dialog", { class: "dialog keys", "aria-labelledby": "keys-title" });
  const single = h("input", { type: "checkbox", id: "single-keys" });
  const message = h("p", { role: "status", class: "hint" });
  const lists = h("div", { class: "lists" });
  const reset = h("button", { type: "button", class: "button quiet" }, "Reset all");
  const close = h("button", { value: "close", class: "button" }, "Close");

  const show = () => {
    single.checked = !areSingleKeysOff();
    lists.replaceChildren(...GROUPS.map(list));
  };
  single.addEventListener("change", () => {
    switchSingleKeys(single.checked);
    message.textContent = single.checked ? "Single-key shortcuts are on." : "Single-key shortcuts are off.";
    show();
  });
  reset.addEventListener("click", () => {
    resetKeys();
    message.textContent = "Shortcuts reset to defaults.";
    show();
  });
  lists.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button) startCapture(button, message);
  });
  dialog.addEventListener("keydown", (event) => captureKey(event, message, show), true);
  dialog.addEventListener("focusout", () => stopCapture());
  dialog.addEventListener("close", () => dialog.remove());

  const head = h("label", { for: "single-keys" }, single, " Single-key shortcuts");
  const foot = h("menu", {}, h("li", {}, reset), h("li", {}, close));
  const title = h("h2", { id: "keys-title" }, "Keyboard shortcuts");
  const hint = h("p", {}, "Select a shortcut to change it. Ctrl/⌘ shortcuts, arrows and Esc always work.");
  dialog.append(h("form", { method: "dialog" }, title, head, hint, lists, message, foot));
  show();
  document.body.append(dialog);
  dialog.showModal();
  single.focus();
}

function list(group: Group): HTMLElement {
  const rows = KEYMAP.filter((entry) => entry.group === group).map((entry) =>
    h("tr", {}, h("th", { scope: "row" }, entry.label), h("td", {}, ...keys(entry))),
  );
  return h("table", {}, h("caption", {}, group), h("tbody", {}, ...rows));
}

/** The first key is a button that rebinds it; the others are fixed. */
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

function startCapture(button: HTMLButtonElement, message: HTMLElement): void {
  stopCapture();
  capturing = button;
  button.setAttribute("aria-pressed", "true");
  message.textContent = "Press the new key, or Esc to cancel.";
}

function stopCapture(): void {
  capturing?.removeAttribute("aria-pressed");
  capturing = undefined;
}

/** While a button captures, the next key becomes its shortcut. */
function captureKey(event: KeyboardEvent, message: HTMLElement, show: () => void): void {
  const button = capturing;
  const id = button?.dataset["change"];
  const stroke = isComposing(event) ? undefined : strokeOf(event);
  if (!button || !isCommandId(id) || stroke === undefined || stroke === "Tab" || stroke === "Shift+Tab") return;
  event.preventDefault();
  event.stopPropagation();
  stopCapture();
  if (stroke === "Escape") {
    message.textContent = "Shortcut unchanged.";
    return;
  }
  message.textContent = assign(id, stroke);
  show();
  document.querySelector<HTMLElement>(`dialog.keys [data-change="${id}"]`)?.focus();
}

function assign(id: Command["id"], stroke: string): string {
  if (!isCharacter(stroke)) return "Use a letter, digit or symbol.";
  const conflict = rebind(id, stroke);
  if (conflict) return `${keysText(stroke)} is already used by “${conflict.label}”.`;
  return `“${command(id).label}” is now ${keysText(stroke)}.`;
}
