/** Says what has just been done, with the way back at hand. One at a time; it waits while somebody is at it. */
import { keysOf } from "../keys/bindings";
import type { CommandId } from "../keys/keymap";
import { keysText } from "../keys/strokes";
import { focusCursor } from "./cursor";
import { inDock } from "./dock";
import { h } from "./dom";

const SHOWN_MS = 10_000;

interface Words {
  text: string;
  /** One line each, below. */
  details?: readonly string[];
  actions?: readonly Action[];
  /** Until it is closed: for what must not be missed. */
  stays?: boolean;
}

interface Action {
  label: string;
  run: () => void;
  command?: CommandId;
}

let current: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let isToStay = false;

/** A live region is heard when it was there before its text: so it stays, unseen and empty between two toasts. */
function region(): HTMLElement {
  return inDock("toast", () =>
    h("section", { class: "toast visually-hidden", "aria-label": "What was done" }, h("div", { role: "status" })),
  );
}

export function prepareToasts(): void {
  region();
}

export function showToast({ text, details = [], actions = [], stays = false }: Words): void {
  const hadFocus = current?.contains(document.activeElement) === true;
  const toast = region();
  current = toast;
  const lines = details.length > 0 ? [h("ul", {}, ...details.map((line) => h("li", {}, line)))] : [];
  toast.classList.remove("visually-hidden");
  toast.querySelector("[role=status]")?.replaceChildren(h("p", {}, text), ...lines);
  removeButtons(toast);
  toast.append(...actions.map(button), closeButton());
  if (hadFocus) focusCursor();
  clearTimeout(timer);
  isToStay = stays;
  if (!stays) wait(toast);
}

function button({ label, run, command }: Action): HTMLButtonElement {
  const keys = command ? keysOf(command)[0] : undefined;
  const hint = keys ? [" ", h("kbd", { "aria-hidden": "true" }, keysText(keys))] : [];
  const element = h("button", { type: "button", class: "button quiet" }, label, ...hint);
  element.addEventListener("click", run);
  return element;
}

function closeButton(): HTMLButtonElement {
  const element = h("button", { type: "button", class: "button quiet icon-button", "aria-label": "Close" }, "×");
  element.addEventListener("click", closeToast);
  return element;
}

/** Answers false where none is shown. */
export function closeToast(): boolean {
  clearTimeout(timer);
  const toast = current;
  if (!toast) return false;
  current = undefined;
  const hadFocus = toast.contains(document.activeElement);
  toast.classList.add("visually-hidden");
  toast.querySelector("[role=status]")?.replaceChildren();
  removeButtons(toast);
  if (hadFocus) focusCursor();
  return true;
}

function removeButtons(toast: HTMLElement): void {
  for (const button of toast.querySelectorAll("button")) button.remove();
}

/** Whether one is shown that must not be missed. */
export function toastStays(): boolean {
  return current !== undefined && isToStay;
}

export function hasToastFocus(): boolean {
  return current?.contains(document.activeElement) === true;
}

function wait(toast: HTMLElement): void {
  const leave = () => {
    if (toast.matches(":hover") || toast.contains(document.activeElement)) wait(toast);
    else closeToast();
  };
  timer = setTimeout(leave, SHOWN_MS);
}
