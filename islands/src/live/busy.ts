/** Whether the user is in the middle of something in a row or control, so that updates to it must wait. */
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, [contenteditable]";

export function isBusy(part: Element): boolean {
  const focused = document.activeElement;
  if (part.matches("[data-busy]") || part.querySelector('[aria-busy="true"], [aria-expanded="true"]')) return true;
  if (!focused || !part.contains(focused)) return false;
  return focused.matches(TYPING) || isOpen(focused);
}

/** Without support for `:open`, a focused dropdown counts as open. */
function isOpen(focused: Element): boolean {
  if (!(focused instanceof HTMLSelectElement)) return false;
  try {
    return focused.matches(":open");
  } catch {
    return true;
  }
}
