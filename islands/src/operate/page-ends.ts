/** Moves the cursor, and says what comes after the first and the last row of a page. */
import { keysOf } from "../keys/bindings";
import type { Press } from "../keys/listen";
import { keysText } from "../keys/strokes";
import { cursorRow, step } from "./cursor";
import { showHint } from "./hints";
import { goToPage, hasPage } from "./navigation";

type Direction = "next" | "previous";

/** The row at which the end of the page was reported: the next press in this direction opens the adjacent page. */
let reported: { row: Element | null; direction: Direction } | undefined;

/** Whether the end of the page has just been reported, and the cursor has not moved since. */
export function isEndReported(): boolean {
  return reported !== undefined && reported.row === cursorRow();
}

/** To be called for every command that is not about the end of the page. */
export function forgetEnd(): void {
  reported = undefined;
}

/** A key held down stops at the end. Upward, the previous page is entered at its last row. */
export function moveCursor(by: number, { repeat = false }: Press = {}): boolean {
  const outcome = step(by);
  if (outcome !== "end") {
    reported = undefined;
    return outcome === "moved";
  }
  const direction = by > 0 ? "next" : "previous";
  if (!repeat && isEndReported() && reported?.direction === direction && hasPage(direction)) {
    reported = undefined;
    return goToPage(direction, direction === "next" ? "first" : "last");
  }
  reportEnd(direction, repeat);
  return true;
}

/** A repeated report would be announced as often as the key repeats. */
export function reportEnd(direction: Direction, repeat = false): void {
  if (repeat && isEndReported()) return;
  reported = { row: cursorRow(), direction };
  showHint(endText(direction));
}

export function repeatReport(): void {
  if (reported) showHint(endText(reported.direction));
}

function endText(direction: Direction): string {
  const edge = direction === "next" ? "End" : "Start";
  if (!hasPage(direction)) return `${edge} of the list`;
  const [keys] = keysOf(`${direction}-page`);
  return `${edge} of page. ${keys ? keysText(keys) : direction === "next" ? "↓" : "↑"} for the ${direction} page`;
}
