/**
 * Reports results, with actions such as Undo. A toast goes away after a while, but not while it is hovered or focused; one
 * about a failure stays until it is closed or resolved. The next result takes the place of the last one, and never that
 * of a failure: up to three toasts are stacked.
 */
import { h } from "../dom";
import { keysOf } from "../keys/bindings";
import type { CommandId } from "../keys/keymap";
import { keysText } from "../keys/strokes";
import { isolatedNodes } from "../page/isolated";
import { focusCursor } from "./cursor";
import { inDock } from "./dock";

const SHOWN_MS = 10_000;
const SLOTS = 3;

interface ToastContent {
  text: string;
  /** Lines below the text. */
  details?: readonly string[];
  actions?: readonly Action[];
  /** Stays until it is closed: for failures. */
  sticky?: boolean;
  /** What it is about. Replaces the toast on the same topic. */
  topic?: string;
  /** The server could not be reached, and nothing was changed. */
  isUnreachable?: boolean;
  /** The changes that failed: the toast goes away when all of them have been made. See `statusOf`. */
  failed?: readonly string[];
  /** The changes that were made. */
  resolved?: readonly string[];
}

export interface Action {
  label: string;
  run: () => void;
  command?: CommandId;
  /** If it becomes false, the action is removed. */
  isPossible?: () => boolean;
}

interface Toast extends ToastContent {
  slot: HTMLElement;
  timer?: ReturnType<typeof setTimeout>;
}

/** The newest is the last. */
let toasts: Toast[] = [];

/** Screen readers announce a live region only if it existed before its text, so all stay, empty and visually hidden. */
function region(): HTMLElement {
  return inDock("toast", () => {
    const slots = Array.from({ length: SLOTS }, () => h("div", { class: "slot" }, h("div", { role: "status" })));
    return h("section", { class: "toast visually-hidden", "aria-label": "Notifications" }, ...slots);
  });
}

export function prepareToasts(): void {
  region();
}

/** A change of a job, whichever status it sets: the latest one counts. */
export const statusOf = ({ id }: { id: string }) => `status ${id}`;
export const deletionOf = ({ id }: { id: string }) => `deletion ${id}`;

export function showToast(content: ToastContent): void {
  const hadFocus = hasToastFocus();
  const { text, details = [], actions = [], sticky = false, topic, resolved = [] } = content;
  resolveFailures(resolved);
  for (const toast of toasts.filter((one) => !one.sticky || (topic !== undefined && one.topic === topic)))
    remove(toast);
  if (toasts.length === SLOTS) remove(toasts[0]);
  const place = region();
  const used = toasts.map(({ slot }) => slot);
  const slot = [...place.querySelectorAll<HTMLElement>(".slot")].find((one) => !used.includes(one));
  if (!slot) return;
  const toast: Toast = { ...content, slot };
  toasts = [...toasts, toast];
  const lines = details.length > 0 ? [h("ul", {}, ...details.map((line) => h("li", {}, ...isolatedNodes(line))))] : [];
  place.classList.remove("visually-hidden");
  slot.querySelector("[role=status]")?.replaceChildren(h("p", {}, ...isolatedNodes(text)), ...lines);
  slot.append(...actions.map(button), closeButton(toast));
  if (hadFocus) focusCursor();
  if (!sticky) wait(toast);
}

/** These changes were made: removes what still reports that they failed. */
export function resolveFailures(changes: readonly string[]): void {
  for (const toast of toasts.filter(({ failed = [] }) => failed.length > 0)) {
    toast.failed = toast.failed?.filter((change) => !changes.includes(change)) ?? [];
    if (toast.failed.length === 0) close(toast);
  }
}

function button({ label, run, command }: Action): HTMLButtonElement {
  const keys = command ? keysOf(command)[0] : undefined;
  const hint = keys ? [" ", h("kbd", { "aria-hidden": "true" }, keysText(keys))] : [];
  const element = h("button", { type: "button", class: "button quiet", "data-action": label }, label, ...hint);
  element.addEventListener("click", run);
  return element;
}

function closeButton(toast: Toast): HTMLButtonElement {
  const element = h("button", { type: "button", class: "button quiet icon-button", "aria-label": "Close" }, "×");
  element.addEventListener("click", () => close(toast));
  return element;
}

/** Closes the toast with the focus, or else the newest one. Returns false if there is none. */
export function closeToast(): boolean {
  const toast = toasts.find(hasFocus) ?? toasts.at(-1);
  if (toast) close(toast);
  return toast !== undefined;
}

export function closeAllToasts(): void {
  while (closeToast());
}

function close(toast: Toast): void {
  const hadFocus = hasFocus(toast);
  remove(toast);
  if (hadFocus) focusCursor();
}

function remove(toast: Toast | undefined): void {
  if (!toast) return;
  clearTimeout(toast.timer);
  toasts = toasts.filter((one) => one !== toast);
  toast.slot.querySelector("[role=status]")?.replaceChildren();
  for (const element of toast.slot.querySelectorAll("button")) element.remove();
  if (toasts.length === 0) region().classList.add("visually-hidden");
}

export function hasToastFocus(): boolean {
  return toasts.some(hasFocus);
}

function hasFocus({ slot }: Toast): boolean {
  return slot.contains(document.activeElement);
}

/** Removes the actions that have become impossible. */
export function checkActions(): void {
  for (const { slot, actions = [] } of toasts) {
    for (const { label } of actions.filter(({ isPossible }) => isPossible?.() === false))
      slot.querySelector(`[data-action="${label}"]`)?.remove();
  }
}

/** The server can be reached again: failures because it could not go away after a while, and do not say why any more. */
export function releaseToasts(): void {
  for (const toast of toasts.filter(({ sticky, isUnreachable }) => sticky && isUnreachable)) {
    toast.sticky = false;
    toast.slot.querySelector("ul")?.remove();
    wait(toast);
  }
}

function wait(toast: Toast): void {
  const expire = () => {
    if (toast.slot.matches(":hover") || hasFocus(toast)) wait(toast);
    else close(toast);
  };
  toast.timer = setTimeout(expire, SHOWN_MS);
}
