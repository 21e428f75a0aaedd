/** Keyboard shortcuts, cursor, selection, palette and undo. Loaded after the first paint. */
import { isStatusType } from "../api/statuses";
import { isListPage } from "../dom";
import { type JobEvents, onEvent } from "../events";
import { wireBindings } from "../keys/bindings";
import { isCommandId } from "../keys/keymap";
import { wireKeys } from "../keys/listen";
import { onHtmx } from "../page/htmx-events";
import { wireRecent } from "../page/recent";
import { wireArrival } from "./arrival";
import { wireBar } from "./bar";
import { wireCheckboxes } from "./checkboxes";
import { runCommand } from "./commands";
import { wireCreated } from "./created";
import { rememberVisit, wireCursor } from "./cursor";
import { reportDeletion, reportDeletionLater, showDeletionNotice } from "./deletion-notice";
import { wireHints } from "./hints";
import { wireControlHints } from "./key-hints";
import { restorePeek } from "./peek-open";
import { wirePointer } from "./pointer";
import { restoreChosen } from "./restore";
import { pageJob } from "./rows";
import { wireSavedViews } from "./saved-views";
import { runViewAction } from "./saved-views-actions";
import { deselect } from "./selection";
import { wireSelectionScope } from "./selection-scope";
import { announceResult } from "./set-status";
import { checkActions, deletionOf, prepareToasts, releaseToasts, resolveFailures, statusOf } from "./toast";
import { drop, forget, push, statusItem } from "./undo-stack";
import { newEntryKey, onStack, updateStack } from "./undo-storage";
import { whenArrived, wireWaiting } from "./waiting";
import { wireWatching } from "./watch-open";

function onClick({ target }: Event): void {
  const id = target instanceof Element ? target.closest<HTMLElement>("[data-run]")?.dataset["run"] : undefined;
  if (isCommandId(id)) runCommand(id);
  const action = target instanceof Element ? target.closest<HTMLElement>("[data-view-action]") : null;
  if (action) runViewAction(action.dataset["viewAction"] ?? "");
  const restore = target instanceof Element ? target.closest<HTMLElement>("[data-restore]") : null;
  if (restore) void restoreChosen(restore);
}

/** Changes in a job's own dropdown are reported and can be undone like any other. */
function onStatusChanged({ job, handled }: JobEvents["job:status-changed"]): void {
  if (handled || !isStatusType(job.current_status)) return;
  const key = newEntryKey();
  const earlier = unknownKey(job.id);
  updateStack((stack) => push(drop(stack, earlier), { kind: "status", key, items: [statusItem(job)] }));
  announceResult([job], [], job.current_status, key);
}

/** Undo must not take back the change before this one, which may have been made. A retry replaces the entry. */
function onStatusUnknown({ id, name }: JobEvents["job:status-unknown"]): void {
  updateStack((stack) => push(stack, { kind: "unknown", key: unknownKey(id), items: [{ id, name }] }));
}

const unknownKey = (id: string) => `status ${id}`;

/** A deletion through a job's own button. That of the page's own job is reported by the next page. */
function onDeleted({ id, name = "", handled }: JobEvents["job:deleted"]): void {
  if (handled) return;
  const job = { id, name };
  updateStack((stack) => push(stack, { kind: "deletion", key: newEntryKey(), items: [job] }));
  resolveFailures([deletionOf(job), statusOf(job)]);
  deselect([id]);
  if (isListPage()) reportDeletion();
  else reportDeletionLater();
}

/** Jobs that others have deleted, as the page already shows. */
function onUpdated({ ids }: JobEvents["jobs:updated"]): void {
  const deleted = ids.filter((id) => document.getElementById(`job-status-${id}`)?.hasAttribute("data-deleted"));
  if (deleted.length > 0) updateStack((stack) => forget(stack, deleted));
}

/** What is open is about the jobs of the entry that is left. */
function closeAll(): void {
  for (const dialog of document.querySelectorAll<HTMLDialogElement>("dialog[open]")) dialog.close();
  document.querySelector<HTMLElement>("job-status [aria-expanded=true]")?.blur();
}

export function start(): void {
  prepareToasts();
  onHtmx("htmx:after:swap", prepareToasts);
  if (isListPage()) {
    wireCursor();
    wireArrival();
    wireWaiting();
    wireSelectionScope();
    wireCheckboxes();
    wireBar();
    restorePeek();
    wireCreated();
    wirePointer();
  }
  const job = pageJob();
  if (job || document.body.dataset["page"] === "compare") rememberVisit(job?.id);
  wireRecent(job);
  showDeletionNotice();
  wireBindings();
  wireHints();
  wireSavedViews();
  wireKeys(whenArrived(runCommand));
  document.addEventListener("click", onClick);
  addEventListener("popstate", closeAll);
  onEvent("job:status-changed", onStatusChanged);
  onEvent("job:status-unknown", onStatusUnknown);
  onEvent("job:deleted", onDeleted);
  onEvent("jobs:updated", onUpdated);
  onStack(checkActions);
  addEventListener("online", releaseToasts);
  onEvent("server:back", releaseToasts);
  wireControlHints();
  wireWatching();
}
