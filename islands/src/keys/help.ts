/** The dialog that shows every key, switches the single ones off, and takes others in their place. */
import { h } from "../operate/dom";
import { allKeysOf, areSingleKeysOff, keysOf, rebind, resetKeys, switchSingleKeys } from "./bindings";
import { isComposing } from "./composing";
import { type Command, command, type Group, isCommandId, KEYMAP } from "./keymap";
import { isCharacter, keysText, spokenKeys, strokeOf } from "./strokes";

const GROUPS: readonly Group[] = ["Move", "Select", "Change", "Go to", "More"];

let listening: HTMLButtonElement | undefined;

export function open(): void {
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
    message.textContent = single.checked ? "Single keys work." : "Single keys do nothing.";
    show();
  });
  reset.addEventListener("click", () => {
    resetKeys();
    message.textContent = "All keys are as they were at first.";
    show();
  });
  lists.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button) listen(button, message);
  });
  dialog.addEventListener("keydown", (event) => hear(event, message, show), true);
  dialog.addEventListener("focusout", () => stopListening());
  dialog.addEventListener("close", () => dialog.remove());

  const head = h("label", { for: "single-keys" }, single, " Single keys on");
  const foot = h("menu", {}, h("li", {}, reset), h("li", {}, close));
  const title = h("h2", { id: "keys-title" }, "Keys");
  const hint = h("p", {}, "Choose a key to change it. Keys with Ctrl or ⌘, arrows and Esc work in any case.");
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

/** The first key is a button that changes it; the others are as they are. */
function keys(entry: Command): (Node | string)[] {
  const works = new Set(keysOf(entry.id));
  return allKeysOf(entry).flatMap((own, index) => {
    const text = h("kbd", { "data-off": !works.has(own) }, keysText(own));
    if (index > 0 || !isCharacter(own)) return [text, " "];
    const name = `${entry.label}: ${spokenKeys(own)}. Change`;
    return [
      h("button", { type: "button", class: "button quiet", "data-change": entry.id, "aria-label": name }, text),
      " ",
    ];
  });
}

function listen(button: HTMLButtonElement, message: HTMLElement): void {
  stopListening();
  listening = button;
  button.setAttribute("aria-pressed", "true");
  message.textContent = "Press the new key, or Esc to keep the old one.";
}

function stopListening(): void {
  listening?.removeAttribute("aria-pressed");
  listening = undefined;
}

/** While a button listens, the next key is its new one. */
function hear(event: KeyboardEvent, message: HTMLElement, show: () => void): void {
  const button = listening;
  const id = button?.dataset["change"];
  const stroke = isComposing(event) ? undefined : strokeOf(event);
  if (!button || !isCommandId(id) || stroke === undefined || stroke === "Tab" || stroke === "Shift+Tab") return;
  event.preventDefault();
  event.stopPropagation();
  stopListening();
  if (stroke === "Escape") {
    message.textContent = "The key stays as it was.";
    return;
  }
  message.textContent = take(id, stroke);
  show();
  document.querySelector<HTMLElement>(`dialog.keys [data-change="${id}"]`)?.focus();
}

function take(id: Command["id"], stroke: string): string {
  if (!isCharacter(stroke)) return "Choose a letter, a digit or a sign.";
  const taken = rebind(id, stroke);
  if (taken) return `${keysText(stroke)} is taken by “${taken.label}”.`;
  return `“${command(id).label}” is ${keysText(stroke)} now.`;
}
