/** Leaves a text field for the rows, where single keys run commands. */
import { hasOpenPopover, jobRows } from "../dom";
import { cursorRow, moveTo } from "./cursor";

/** Returns false if Escape closes a popover first. */
export function leaveField(): boolean {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement) || hasOpenPopover()) return false;
  if (!moveTo(cursorRow() ?? jobRows()[0])) field.blur();
  return true;
}
