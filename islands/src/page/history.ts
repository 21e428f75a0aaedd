/**
 * The browser's history: each list, page and order is one entry, and so is each search, however many letters it was
 * typed in. Every entry has an id in its state, so that the page can remember where the user was in it.
 */
import { type HtmxRequestCtx, onHtmx } from "./htmx-events";
import { jobTable } from "./table";
import { beginsSearch, endTyping } from "./typing";

let entry = "";
let swapping: HtmxRequestCtx | undefined;
let onLeft: (entry: string) => void = () => {};

export const currentEntry = () => entry;

/** Calls the handler before the page shows another entry, or is left. */
export function onEntryLeft(handler: (entry: string) => void): void {
  onLeft = handler;
}

function entryOfState(): string | undefined {
  const { entry: stored } = (history.state ?? {}) as Record<string, unknown>;
  return typeof stored === "string" ? stored : undefined;
}

/** htmx restores only entries with its own mark, and overwrites the state of those that it creates. */
function stamp(): void {
  history.replaceState({ ...history.state, htmx: true, entry }, "");
}

function newEntry(): string {
  return `${Date.now()}-${history.length}`;
}

/** A link pushes an entry; a search pushes one and then replaces it. The URL that is shown already adds none. */
function isPush(path: string): boolean {
  if (!swapping || path === location.pathname + location.search) return false;
  return Boolean(swapping.push) || beginsSearch(swapping);
}

export function wireHistory(): void {
  if (!jobTable()) return;
  entry = entryOfState() ?? newEntry();
  stamp();
  onHtmx("htmx:before:swap", ({ detail: { ctx } }) => {
    swapping = ctx;
  });
  onHtmx("htmx:finally:request", () => {
    swapping = undefined;
  });
  onHtmx("htmx:before:history:update", ({ detail: { history: update } }) => {
    update.type = isPush(update.path) ? "push" : "replace";
    if (update.type === "push") onLeft(entry);
  });
  onHtmx("htmx:after:history:push", () => {
    entry = newEntry();
    stamp();
  });
  onHtmx("htmx:after:history:replace", stamp);
  // The URL has changed already, but the page still shows the entry that is left.
  onHtmx("htmx:before:history:restore", () => {
    onLeft(entry);
    entry = entryOfState() ?? newEntry();
    stamp();
    endTyping("for good");
  });
}
