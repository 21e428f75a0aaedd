/** Reports results, with actions such as Undo. One toast at a time; it stays while it is hovered or focused. */
import { h } from "../dom";
import { keysOf } from "../keys/bindings";
import type { CommandId } from "../keys/keymap";
import { keysText } from "../keys/strokes";
import { focusCursor } from "./cursor";
import { inDock } from "./dock";

const SHOWN_MS = 10_000;

interface ToastContent {
  text: string;
  /** Lines below the text. */
  details?: readonly string[];
  actions?: readonly Action[];
  /** Stays until it is closed: for failures. */
  sticky?: boolean;
}

interface Action {
  label: string;
  run: () => void;
  command?: CommandId;
}

let current: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let isSticky = false;

/** Screen readers announce a live region only if it existed before its text, so it stays, empty and visually hidden. */
function region(): HTMLElement {
  return inDock("toast", () =>
    h("section", { class: "toast visually-hidden", "aria-label": "Notifications" }, h("div", { role: "status" })),
  );
}

export function prepareToasts(): void {
  region();
}

export function showToast({ text, details = [], actions = [], sticky = false }: ToastContent): void {
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
  isSticky = sticky;
  if (!sticky) wait(toast);
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

/** Returns false if there is none. */
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

/** Whether the current toast stays until it is closed. */
export function hasStickyToast(): boolean {
  return current !== undefined && isSticky;
}

export function hasToastFocus(): boolean {
  return current?.contains(document.activeElement) === true;
}

function wait(toast: HTMLElement): void {
  const expire = () => {
    if (toast.matches(":hover") || toast.contains(document.activeElement)) wait(toast);
    else closeToast();
  };
  timer = setTimeout(expire, SHOWN_MS);
}
