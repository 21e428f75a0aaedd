/** Opens and closes the panel beside the list. The panel itself is loaded at its first use. */
import { jobRows } from "../dom";
import { session } from "../storage";
import { cursorRow, moveTo } from "./cursor";
import { reportNotLoaded } from "./hints";

/** For this tab: the panel is open again after a visit to a job's page. */
const STORAGE_KEY = "job-dashboard:peek";

let peek: typeof import("./peek") | undefined;
let isWanted = false;

export function togglePeek(): boolean {
  if (isWanted) return closePeek();
  if (!cursorRow() && !moveTo(jobRows()[0])) return false;
  want();
  return true;
}

/** Returns false if it is closed already. */
export function closePeek(): boolean {
  if (!isWanted) return false;
  isWanted = false;
  session.write(STORAGE_KEY, null);
  peek?.close();
  return true;
}

/** Moves the focus into the panel. Returns false if there is none. */
export const enterPeek = () => isWanted && peek?.enter() === true;

export function restorePeek(): void {
  if (session.read(STORAGE_KEY) !== null) want();
}

function want(): void {
  isWanted = true;
  session.write(STORAGE_KEY, "open");
  void load();
}

/** It may have been closed again while it was loading. */
async function load(): Promise<void> {
  try {
    peek ??= await import("./peek");
    if (isWanted) peek.open();
  } catch {
    closePeek();
    reportNotLoaded();
  }
}
