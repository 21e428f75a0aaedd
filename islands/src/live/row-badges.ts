/** Badges on rows whose job no longer matches the list or is deleted. The row stays until the list is fetched again. */

export function showBadge(place: Element | null, text: string): void {
  if (!place) return;
  const small = place.querySelector("small.mark") ?? document.createElement("small");
  small.className = "mark badge";
  small.textContent = text;
  if (!small.parentNode) place.append(" ", small);
}

export function removeBadge(place: Element | null): void {
  place?.querySelector("small.mark")?.remove();
}

/** Strikes the row through, adds a badge and disables its controls; a focused one when it loses the focus. */
export function markDeleted(part: Element, place: Element | null): void {
  part.setAttribute("data-gone", "");
  showBadge(place, "deleted");
  disableControls(part);
  if (part.contains(document.activeElement)) {
    part.addEventListener("focusout", () => setTimeout(() => disableControls(part)), { once: true });
  }
}

function disableControls(part: Element): void {
  const focused = document.activeElement;
  for (const control of part.querySelectorAll<HTMLButtonElement | HTMLInputElement>("button, input")) {
    if (control !== focused) control.disabled = true;
  }
  const island = part.querySelector("job-status");
  if (!island?.contains(focused)) island?.setAttribute("data-deleted", "");
}
