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
  const before = document.activeElement;
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
  /** As the browser does it, but at once: it reports that a dialog is closed later, and keys pressed until then are lost. */
  const close = (value?: string) => {
    if (!dialog.open) return;
    if (value !== undefined) dialog.returnValue = value;
    const focused = isInside() ? document.activeElement : null;
    dialog.open = false;
    if (focused instanceof HTMLElement) {
      focused.blur();
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    }
    dialog.dispatchEvent(new Event("close"));
  };
  /** A button of a form with the method `dialog`, unless the dialog has done something else. */
  const onSubmit = (event: SubmitEvent) => {
    if (event.defaultPrevented || !dialog.contains(event.target as Node)) return;
    event.preventDefault();
    close(event.submitter?.getAttribute("value") ?? undefined);
  };
  document.addEventListener("focusin", keep, closed);
  document.addEventListener("submit", onSubmit, closed);
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
  dialog.close = close;
  dialog.ariaModal = "true";
  dialog.show();
  return veil;
}

function stopsIn(dialog: HTMLDialogElement): HTMLElement[] {
  return [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((stop) => !stop.closest("[hidden], [disabled]"));
}
