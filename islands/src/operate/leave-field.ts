/** Leaves a text field for the rows, where single keys run commands. */
import { cursorRow, moveTo } from "./cursor";
import { jobRows } from "./rows";

/** Returns false if Escape closes something else first: an open dropdown or a popover. */
export function leaveField(): boolean {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement) || matches(field, ":open") || exists(":popover-open")) return false;
  if (!moveTo(cursorRow() ?? jobRows()[0])) field.blur();
  return true;
}

/** Browsers throw on selectors that they do not support. */
function matches(element: Element, selector: string): boolean {
  try {
    return element.matches(selector);
  } catch {
    return false;
  }
}

function exists(selector: string): boolean {
  try {
    return document.querySelector(selector) !== null;
  } catch {
    return false;
  }
}
