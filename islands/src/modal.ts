/**
 * Modal dialogs that leave the rest of the page alone. `showModal()` makes it inert: browsers compute the style of every
 * element again and paint the whole page, which takes ten times as long as the dialog itself.
 */
import { isComposing } from "./composing";
import { h } from "./dom";

const FOCUSABLE = ":is(a[href], button, input, [tabindex='0'])";

/**
 * Opens the dialog above a veil, which it returns. Until the dialog closes, it keeps the focus, which it shares with the
 * banner, and Escape closes it. One that
 * is not in the page is only there while it is open.
 */
export function openModal(dialog: HTMLDialogElement): HTMLElement {
  const veil = h("div", { class: "veil" });
  const before = document.activeElement;
  const closed = new AbortController();
  const focusedPart = () => document.activeElement?.closest("dialog[open], #banner");
  const keep = () => {
    if (dialog.open && !focusedPart()) stopsIn(dialog)[0]?.focus();
  };
  /** False if the browser finds the next stop. */
  const moveFocus = (step: -1 | 1) => {
    const stops = stopsIn(dialog);
    const index = stops.indexOf(document.activeElement as HTMLElement);
    const part = focusedPart();
    const next = stops[index + step];
    if (part && (index < 0 || (next && part.contains(next)))) return false;
    (next ?? stops.at(Math.min(step, 0)))?.focus();
    return true;
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isComposing(event)) return;
    if (event.key === "Escape") dialog.close();
    else if (event.key !== "Tab" || !moveFocus(event.shiftKey ? -1 : 1)) return;
    event.preventDefault();
  };
  /** As the browser does it, but at once: it reports that a dialog is closed later, and keys pressed until then are lost. */
  const close = (value?: string) => {
    if (!dialog.open) return;
    if (value !== undefined) dialog.returnValue = value;
    const focused = focusedPart() ? document.activeElement : null;
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

/** Those of the banner come last: what it says, as that the user must log in again, may be why the dialog fails. */
function stopsIn(dialog: HTMLDialogElement): HTMLElement[] {
  const stops = [dialog, document.getElementById("banner")].flatMap((part) => [
    ...(part?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? []),
  ]);
  return stops.filter((stop) => !stop.closest("[hidden], [disabled]"));
}
