/** What a row says of itself once its job has left the list or is no more. The row stays until the operator moves on. */

export function mark(place: Element | null, text: string): void {
  if (!place) return;
  const small = place.querySelector("small.mark") ?? document.createElement("small");
  small.className = "mark badge";
  small.textContent = text;
  if (!small.parentNode) place.append(" ", small);
}

export function unmark(place: Element | null): void {
  place?.querySelector("small.mark")?.remove();
}

/** Struck through, said, and its controls off; the one that has the focus keeps it until it is left. */
export function markGone(part: Element, place: Element | null): void {
  part.setAttribute("data-gone", "");
  mark(place, "deleted");
  switchOff(part);
  if (part.contains(document.activeElement)) {
    part.addEventListener("focusout", () => setTimeout(() => switchOff(part)), { once: true });
  }
}

function switchOff(part: Element): void {
  const focused = document.activeElement;
  for (const control of part.querySelectorAll<HTMLButtonElement | HTMLInputElement>("button, input")) {
    if (control !== focused) control.disabled = true;
  }
  const island = part.querySelector("job-status");
  if (!island?.contains(focused)) island?.setAttribute("data-deleted", "");
}
