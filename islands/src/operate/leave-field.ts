/** Leaves a text field for the rows, where single keys run commands. */
import { hasOpenPopover, isOpen, jobRows } from "../dom";
import { cursorRow, moveTo } from "./cursor";

/** Returns false if Escape closes something else first: an open dropdown or a popover. */
export function leaveField(): boolean {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement) || isOpen(field) || hasOpenPopover()) return false;
  if (!moveTo(cursorRow() ?? jobRows()[0])) field.blur();
  return true;
}
