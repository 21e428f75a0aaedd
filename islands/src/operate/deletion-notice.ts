/** Reports the deletion of a job through its own button: here, or on the page that this tab shows next. */
import { session } from "../storage";
import { deletionMessage } from "./messages";
import { showToast } from "./toast";
import { undoDeletion } from "./undo";
import { readStack } from "./undo-storage";

const STORAGE_KEY = "job-dashboard:deleted";
/** Screen readers announce a live region only if it existed before its text. */
const SETTLE_MS = 150;

/** Reports what the newest entry for undo has deleted. */
export function reportDeletion(): void {
  const entry = readStack().done.at(-1);
  if (entry?.kind === "deletion")
    showToast({ ...deletionMessage(entry.items, []), topic: entry.key, actions: undoDeletion(entry.key) });
}

export function reportDeletionLater(): void {
  session.writeJson(STORAGE_KEY, true);
}

export function showDeletionNotice(): void {
  if (session.readJson(STORAGE_KEY) !== true) return;
  session.writeJson(STORAGE_KEY, null);
  setTimeout(reportDeletion, SETTLE_MS);
}
