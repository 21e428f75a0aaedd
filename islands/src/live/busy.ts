/** Whether the user is in the middle of something in a row or control, so that updates to it must wait. */
import { isOpen } from "../dom";

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, [contenteditable]";

export function isBusy(part: Element): boolean {
  const focused = document.activeElement;
  if (part.matches("[data-busy]") || part.querySelector('[aria-busy="true"], [aria-expanded="true"]')) return true;
  if (!focused || !part.contains(focused)) return false;
  // Without support for `:open`, a focused dropdown counts as open.
  return focused.matches(TYPING) || (focused instanceof HTMLSelectElement && (isOpen(focused) ?? true));
}
