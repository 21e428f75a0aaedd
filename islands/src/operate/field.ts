/** The way out of a field, back to where the keys are commands again. */
import { cursorRow, moveTo } from "./cursor";
import { jobRows } from "./rows";

/** Answers false where Escape closes something first: an open list of choices, or what lies over the page. */
export function leaveField(): boolean {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement) || is(field, ":open") || find(":popover-open")) return false;
  if (!moveTo(cursorRow() ?? jobRows()[0])) field.blur();
  return true;
}

/** A browser that does not know the selector throws. */
function is(element: Element, selector: string): boolean {
  try {
    return element.matches(selector);
  } catch {
    return false;
  }
}

function find(selector: string): boolean {
  try {
    return document.querySelector(selector) !== null;
  } catch {
    return false;
  }
}
