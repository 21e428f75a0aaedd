/**
 * Modal dialogs that leave the rest of the page alone. `showModal()` makes it inert: browsers compute the style of every
 * element again and paint the whole page, which takes ten times as long as the dialog itself.
 */
import { isComposing } from "./composing";
import { h } from "./dom";

const FOCUSABLE = "a[href], button, input, [tabindex='0']";

/**
 * Opens the dialog above a veil, which it returns. Until the dialog closes, it keeps the focus, and Escape closes it. One that
 * is not in the page is only there while it is open.
 */
export function openModal(dialog: HTMLDialogElement): HTMLElement {
  const veil = h("div", { class: "veil" });
  const closed = new AbortController();
  const isInside = () => dialog.contains(document.activeElement);
  const keep = () => {
    if (dialog.open && !isInside()) stopsIn(dialog)[0]?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isComposing(event)) return;
    const stops = stopsIn(dialog);
    const end = event.shiftKey ? 0 : -1;
    if (event.key === "Escape") dialog.close();
    else if (event.key === "Tab" && (!isInside() || stops.at(end) === document.activeElement))
      stops.at(-1 - end)?.focus();
    else return;
    event.preventDefault();
  };
  document.addEventListener("focusin", keep, closed);
  document.addEventListener("keydown", onKey, closed);
  const isNew = !dialog.isConnected;
  if (isNew) document.body.append(dialog);
  // The focus stays where it is.
  veil.addEventListener("mousedown", (event) => event.preventDefault());
  dialog.before(veil);
  dialog.addEventListener(
    "close",
    () => {
      closed.abort();
      veil.remove();
      if (isNew) dialog.remove();
    },
    // Before the dialog's own listeners, which ask where the focus is.
    { capture: true, once: true },
  );
  dialog.close = closeAtOnce;
  dialog.ariaModal = "true";
  dialog.show();
  return veil;
}

/** Dialogs that have reported that they are closed before the browser does. */
const reported = new WeakMap<EventTarget, number>();

/**
 * The browser reports that a dialog is closed in a task of its own. Keys that are pressed before it would find the dialog half
 * closed, so it is reported at once.
 */
function closeAtOnce(this: HTMLDialogElement, value?: string): void {
  if (!this.open) return;
  let isReported = false;
  this.addEventListener("close", () => (isReported = true), { once: true });
  HTMLDialogElement.prototype.close.call(this, value);
  if (isReported) return;
  reported.set(this, (reported.get(this) ?? 0) + 1);
  this.dispatchEvent(new Event("close"));
}

window.addEventListener(
  "close",
  (event) => {
    const number = event.isTrusted && event.target ? (reported.get(event.target) ?? 0) : 0;
    if (!event.target || number === 0) return;
    reported.set(event.target, number - 1);
    event.stopImmediatePropagation();
  },
  true,
);

function stopsIn(dialog: HTMLDialogElement): HTMLElement[] {
  return [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((stop) => !stop.closest("[hidden], [disabled]"));
}
