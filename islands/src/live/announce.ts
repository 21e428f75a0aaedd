/** Announces live changes in batches, at most one every ten seconds, so that a busy list does not talk all the time. */
import { announce } from "../page/announcer";
import { jobCount } from "../page/job-count";
import type { RemoteChanges } from "./rows";

const INTERVAL_MS = 10_000;
const changed = new Set<string>();
const deleted = new Set<string>();
let newCount = "0";
let announcedNewCount = "0";
let timer: ReturnType<typeof setTimeout> | undefined;
let announcedAt = Number.NEGATIVE_INFINITY;

export function announceChanges(changes: RemoteChanges, newJobs = "0"): void {
  for (const id of changes.changed) changed.add(id);
  for (const id of changes.deleted) deleted.add(id);
  newCount = newJobs;
  if (timer === undefined && (changed.size || deleted.size || newCount !== announcedNewCount)) {
    timer = setTimeout(flush, Math.max(0, announcedAt + INTERVAL_MS - Date.now()));
  }
}

function flush(): void {
  timer = undefined;
  const parts = [];
  if (changed.size) parts.push(`${jobCount(changed.size)} changed`);
  if (deleted.size) parts.push(`${jobCount(deleted.size)} deleted`);
  if (newCount !== "0" && newCount !== announcedNewCount) parts.push(jobCount(newCount, "new"));
  changed.clear();
  deleted.clear();
  announcedNewCount = newCount;
  if (parts.length === 0) return;
  announcedAt = Date.now();
  announce("changes", parts.join(", "));
}
