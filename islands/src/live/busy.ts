/** Whether somebody is in the middle of something in a row or a control: then its news waits for the next answer. */
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, [contenteditable]";

export function isBusy(part: Element): boolean {
  const focused = document.activeElement;
  if (part.matches("[data-busy]") || part.querySelector('[aria-busy="true"], [aria-expanded="true"]')) return true;
  if (!focused || !part.contains(focused)) return false;
  return focused.matches(TYPING) || isOpen(focused);
}

/** A browser that cannot say whether a dropdown is open is taken to have it open while it is focused. */
function isOpen(focused: Element): boolean {
  if (!(focused instanceof HTMLSelectElement)) return false;
  try {
    return focused.matches(":open");
  } catch {
    return true;
  }
}
