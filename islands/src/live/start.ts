/** Live updates: changes by other clients appear within seconds, without moving anything the user works on. */

import { emit } from "../events";
import { announce } from "../page/announcer";
import { wireCreatedJob } from "../page/created-job";
import { onHtmx } from "../page/htmx-events";
import { focusTable, holdsTable, jobTable } from "../page/table";
import { announceChanges } from "./announce";
import { flash } from "./flash";
import { applyJob } from "./job-page";
import { type Condition, Poller } from "./poller";
import { applyRows } from "./rows";
import { applySummary } from "./summary";
import { isSwitchedOff, showCondition, wireSwitch } from "./switch";
import { parseUpdate } from "./update";
import { pageIsland } from "./visible-jobs";

const ACTIVITY_EVENTS = ["pointerdown", "pointermove", "keydown", "wheel", "scroll"];

function apply(text: string): boolean {
  const update = parseUpdate(text);
  const onJobPage = pageIsland() !== null;
  const changes = onJobPage ? applyJob(update) : applyRows(update);
  if (!onJobPage) applySummary(update);
  flash(changes.changed);
  announceChanges(changes, update.newCount);
  const ids = [...changes.changed, ...changes.deleted];
  // A deleted job has no history to refetch, and an older page of a history must not be replaced while it is read.
  const refetches = !onJobPage || !(changes.deleted.length || location.search.includes("cursor="));
  if (ids.length && refetches) emit("jobs:updated", { ids });
  return ids.length > 0 || update.counts !== undefined;
}

let current: Condition | undefined;

function show(condition: Condition): void {
  showCondition(condition);
  // Being offline is announced by `page/offline.ts`, for the whole page.
  if (condition === "failing" && current !== "failing" && navigator.onLine)
    announce("live", "Live updates interrupted, retrying");
  if (condition === "loggedOut" && current !== condition) emit("login:required", {});
  if (condition === "live" && (current === "failing" || current === "loggedOut")) {
    announce("live", "Live updates resumed");
    emit("server:back", {});
  }
  current = condition;
}

export function startLive(): void {
  wireCreatedJob();
  const poller = new Poller(apply, show);
  wireSwitch(
    (off) => {
      poller.paused = off;
    },
    () => poller.retry(),
  );
  const onActivity = () => poller.recordActivity();
  for (const name of ACTIVITY_EVENTS) document.addEventListener(name, onActivity, { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => poller.setHidden(document.hidden));
  addEventListener("offline", () => poller.connectionLost());
  addEventListener("online", () => {
    showCondition(poller.condition);
    poller.pollSoon();
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    if (!holdsTable(ctx.target)) return;
    if (ctx.sourceElement.id === "new-jobs") showTop();
    poller.reset();
  });
  if (isSwitchedOff()) poller.paused = true;
  else {
    show("live");
    poller.reset();
  }
}

/**
 * Focuses the table, since the pill may have had the focus, and scrolls up to the new jobs. Not with "nearest", which
 * shows the end of a table that is taller than the window.
 */
function showTop(): void {
  focusTable();
  const table = jobTable();
  if (table && table.getBoundingClientRect().top < 0) table.scrollIntoView({ block: "start" });
}
