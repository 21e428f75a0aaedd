/** Deletes one job through its own button and dialog, or several after one confirmation. */
import { bulkDelete } from "../api/bulk";
import { isNotFound, isOutcomeUnknown } from "../api/errors";
import { h, rowOf } from "../dom";
import { emit } from "../events";
import { nameJobs, openFresh } from "../page/confirm-dialog";
import { jobCount } from "../page/job-count";
import { failuresOf, runBulk } from "./batch";
import { focusCursor, moveTo } from "./cursor";
import { refreshIfOutcomeUnknown, showBusy } from "./displayed-jobs";
import { deletionMessage } from "./messages";
import type { JobRef } from "./rows";
import { deselect } from "./selection";
import { enqueue } from "./serial-queue";
import { deletionOf, showToast, statusOf } from "./toast";
import { undoDeletion } from "./undo";
import { push } from "./undo-stack";
import { newEntryKey, updateStack } from "./undo-storage";

export function askToDelete(jobs: readonly JobRef[]): boolean {
  const [only] = jobs;
  if (!only) return false;
  if (jobs.length > 1) askForSeveral(jobs);
  else askForOne(only);
  return true;
}

/**
 * Clicks the job's own delete button, which opens the dialog, or one made for it if its row is on another page. The focus
 * returns to the row, or else to where it was.
 */
function askForOne({ id, name }: JobRef): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog#delete-dialog");
  const own = document.querySelector<HTMLElement>(`[data-delete-job="${id}"]`);
  const button = own ?? h("button", { "data-delete-job": id, "data-job-name": name, hidden: true });
  const focused = document.activeElement;
  if (!own) document.body.append(button);
  button.click();
  const onClose = () => {
    if (!own) button.remove();
    if (dialog?.returnValue === "delete" && own) return;
    if (focused instanceof HTMLElement && !moveTo(rowOf(id))) focused.focus();
  };
  dialog?.addEventListener("close", onClose, { once: true });
}

/** Opens a copy of the page's dialog. It closes at once; the toast reports the outcome. */
function askForSeveral(jobs: readonly JobRef[]): void {
  const dialog = document.querySelector("dialog#delete-dialog")?.cloneNode(true) as HTMLDialogElement | undefined;
  if (!dialog) return;
  dialog.removeAttribute("id");
  dialog.setAttribute("aria-labelledby", "delete-several");
  dialog.querySelector("h2")?.setAttribute("id", "delete-several");
  nameJobs(dialog, jobs);
  const what = jobCount(jobs.length);
  write(dialog, "h2", `Delete ${what}?`);
  write(dialog, "[data-histories]", "their status histories");
  write(dialog, "[data-confirm]", `Delete ${what}`);
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "delete") void deleteJobs(jobs);
  });
  openFresh(dialog);
}

function write(dialog: Element, selector: string, text: string): void {
  const element = dialog.querySelector(selector);
  if (element) element.textContent = text;
}

/** A job that is already gone counts as deleted. */
function deleteJobs(jobs: readonly JobRef[], key = newEntryKey()): Promise<void> {
  return enqueue(async () => {
    showBusy(jobs, true);
    const outcomes = await runBulk<JobRef, true>(jobs, bulkDelete(jobs.map(({ id }) => id)));
    showBusy(jobs, false);
    const failures = failuresOf(outcomes).filter(({ error }) => !isNotFound(error));
    const failed = new Set(failures.map(({ item }) => item.id));
    const deleted = jobs.filter(({ id }) => !failed.has(id));
    deselect(deleted.map(({ id }) => id));
    remember(key, deleted, failures);
    for (const { id } of deleted) emit("job:deleted", { id, handled: true });
    refreshIfOutcomeUnknown(failures.map(({ error }) => error));
    showToast({
      ...deletionMessage(deleted, failures),
      topic: key,
      actions:
        failures.length > 0
          ? [
              {
                label: "Retry",
                run: () =>
                  void deleteJobs(
                    failures.map((f) => f.item),
                    key,
                  ),
              },
            ]
          : undoDeletion(key),
      sticky: failures.length > 0,
      failed: failures.map(({ item }) => deletionOf(item)),
      resolved: [...deleted.map(deletionOf), ...deleted.map(statusOf)],
    });
    if (document.activeElement === document.body) focusCursor();
  });
}

/** For undo. */
function remember(
  key: string,
  deleted: readonly JobRef[],
  failures: readonly { item: JobRef; error: unknown }[],
): void {
  const unknown = failures.filter(({ error }) => isOutcomeUnknown(error)).map(({ item }) => item);
  const [kind, items] = deleted.length > 0 ? (["deletion", deleted] as const) : (["unknown", unknown] as const);
  const jobs = items.map(({ id, name }) => ({ id, name }));
  updateStack((stack) => (jobs.length > 0 ? push(stack, { kind, key, items: jobs }) : stack));
}
