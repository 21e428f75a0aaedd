/** A job deleted on its own page leaves no page to say so: the next one of this tab does. */
import type { JobEvents } from "../events";
import type { Named } from "./rows";
import { unchoose } from "./selection";
import { readStored, writeStored } from "./stored";
import { showToast } from "./toast";
import { shortName } from "./words";

const STORED_AS = "deleted";
/** A live region is heard when it was there before its text. */
const SETTLE_MS = 150;

export function wireFarewell({ id, name }: Named): void {
  document.addEventListener("job:deleted", (event) => {
    if ((event as CustomEvent<JobEvents["job:deleted"]>).detail.id !== id) return;
    unchoose([id]);
    writeStored(STORED_AS, name);
  });
}

export function showFarewell(): void {
  const name = readStored(STORED_AS);
  if (typeof name !== "string") return;
  writeStored(STORED_AS, null);
  setTimeout(() => showToast({ text: `Deleted ${shortName({ name })}.` }), SETTLE_MS);
}
