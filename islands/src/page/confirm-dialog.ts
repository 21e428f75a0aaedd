/** The states of a dialog that asks for confirmation: open, busy, failed. */

/** Opens the dialog without what an earlier deletion left in it, with the focus on Cancel. */
export function openFresh(dialog: HTMLDialogElement): void {
  setBusy(dialog, false);
  setError(dialog, "");
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector<HTMLElement>("button[value=cancel]")?.focus();
}

export function setBusy(dialog: HTMLDialogElement, busy: boolean): void {
  dialog.ariaBusy = String(busy);
  const button = dialog.querySelector("[data-confirm]");
  button?.setAttribute("aria-disabled", String(busy));
  button?.setAttribute("aria-busy", String(busy));
}

export function setError(dialog: HTMLDialogElement, reason: string): void {
  const text = dialog.querySelector<HTMLElement>(".field-error");
  if (!text) return;
  text.hidden = reason === "";
  text.textContent = reason;
}
