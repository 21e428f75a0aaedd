/** Says what came, once in a while and all of it together: a busy list must not talk without end. */
import { announce } from "../page/announcer";
import { newText } from "./around";
import type { News } from "./rows";

const APART_MS = 10_000;
const changed = new Set<string>();
const deleted = new Set<string>();
let fresh = "0";
let saidFresh = "0";
let timer: ReturnType<typeof setTimeout> | undefined;
let saidAt = Number.NEGATIVE_INFINITY;

export function tell(news: News, newJobs = "0"): void {
  for (const id of news.changed) changed.add(id);
  for (const id of news.deleted) deleted.add(id);
  fresh = newJobs;
  if (timer === undefined && (changed.size || deleted.size || fresh !== saidFresh)) {
    timer = setTimeout(say, Math.max(0, saidAt + APART_MS - Date.now()));
  }
}

function say(): void {
  timer = undefined;
  const parts = [];
  if (changed.size) parts.push(`${jobs(changed.size)} changed`);
  if (deleted.size) parts.push(`${jobs(deleted.size)} deleted`);
  if (fresh !== "0" && fresh !== saidFresh) parts.push(newText(fresh));
  changed.clear();
  deleted.clear();
  saidFresh = fresh;
  if (parts.length === 0) return;
  saidAt = Date.now();
  announce("changes", parts.join(", "));
}

function jobs(number: number): string {
  return number === 1 ? "1 job" : `${number} jobs`;
}
