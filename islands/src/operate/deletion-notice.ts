/** Reports the deletion of a job from its own page, on the page that this tab shows next. */
import type { JobEvents } from "../events";
import { truncateName } from "./messages";
import type { Named } from "./rows";
import { deselect } from "./selection";
import { readStored, writeStored } from "./session-storage";
import { showToast } from "./toast";

const STORAGE_KEY = "deleted";
/** Screen readers announce a live region only if it existed before its text. */
const SETTLE_MS = 150;

export function wireDeletionNotice({ id, name }: Named): void {
  document.addEventListener("job:deleted", (event) => {
    if ((event as CustomEvent<JobEvents["job:deleted"]>).detail.id !== id) return;
    deselect([id]);
    writeStored(STORAGE_KEY, name);
  });
}

export function showDeletionNotice(): void {
  const name = readStored(STORAGE_KEY);
  if (typeof name !== "string") return;
  writeStored(STORAGE_KEY, null);
  setTimeout(() => showToast({ text: `Deleted ${truncateName({ name })}.` }), SETTLE_MS);
}
