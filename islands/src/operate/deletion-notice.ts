/** Reports the deletion of a job from its own page, on the page that this tab shows next. */
import { onEvent } from "../events";
import { session } from "../storage";
import { deletionMessage } from "./messages";
import type { JobRef } from "./rows";
import { deselect } from "./selection";
import { showToast } from "./toast";

const STORAGE_KEY = "job-dashboard:deleted";
/** Screen readers announce a live region only if it existed before its text. */
const SETTLE_MS = 150;

export function wireDeletionNotice({ id, name }: JobRef): void {
  onEvent("job:deleted", (deleted) => {
    if (deleted.id !== id) return;
    deselect([id]);
    session.writeJson(STORAGE_KEY, name);
  });
}

export function showDeletionNotice(): void {
  const name = session.readJson(STORAGE_KEY);
  if (typeof name !== "string") return;
  session.writeJson(STORAGE_KEY, null);
  setTimeout(() => showToast(deletionMessage([{ id: "", name }], [])), SETTLE_MS);
}
