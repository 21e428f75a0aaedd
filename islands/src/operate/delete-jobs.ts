/** Deletes one job through its own button and dialog, or several after one confirmation. */
import { deleteJob } from "../api/client";
import { isOutcomeUnknown } from "../api/errors";
import { emit } from "../events";
import { failuresOf, runBatch } from "./batch";
import { focusCursor, moveTo } from "./cursor";
import { refreshUncertain, showBusy } from "./displayed-jobs";
import { h } from "./dom";
import { describeJobs, failureLines, isNotFound, jobCount } from "./messages";
import { type Named, rowOf } from "./rows";
import { deselect } from "./selection";
import { enqueue } from "./serial-queue";
import { showToast } from "./toast";

/** Concurrent requests. */
const CONCURRENCY = 4;
const MAX_NAMES = 3;

export function askToDelete(jobs: readonly Named[]): boolean {
  const [only] = jobs;
  if (!only) return false;
  if (jobs.length > 1 || !askWithButton(only)) askWithOwnDialog(jobs);
  return true;
}

/** Clicks the job's own delete button, which opens the dialog. If canceled, the focus returns to the row. */
function askWithButton({ id }: Named): boolean {
  const button = document.querySelector<HTMLElement>(`[data-delete-job="${id}"]`);
  const dialog = document.querySelector<HTMLDialogElement>("dialog#delete-dialog");
  if (!button || !dialog) return false;
  const focused = document.activeElement;
  button.click();
  const onClose = () => {
    if (dialog.returnValue !== "delete" && focused instanceof HTMLElement && !moveTo(rowOf(id))) focused.focus();
  };
  dialog.addEventListener("close", onClose, { once: true });
  return true;
}

function names(jobs: readonly Named[]): string {
  const listed = jobs.slice(0, MAX_NAMES).map(({ name }) => name);
  const more = jobs.length - listed.length;
  return more > 0 ? `${listed.join(", ")} and ${more} more ${more === 1 ? "job" : "jobs"}` : listed.join(", ");
}

/** Also used for one job whose row is on another page of the list; the text is then that of the page's own dialog. */
function askWithOwnDialog(jobs: readonly Named[]): void {
  const one = jobs.length === 1;
  const what = one ? "job" : jobCount(jobs.length);
  const histories = one ? "its status history" : "their status histories";
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "delete-several" });
  const cancel = h("button", { value: "cancel", class: "button" }, "Cancel");
  const confirm = h("button", { value: "delete", class: "button danger" }, `Delete ${what}`);
  dialog.append(
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "delete-several" }, `Delete ${what}?`),
      h("p", {}, h("strong", {}, names(jobs)), ` and ${histories} will be deleted. This cannot be undone.`),
      h("menu", {}, h("li", {}, cancel), h("li", {}, confirm)),
    ),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "delete") void deleteJobs(jobs);
  });
  document.body.append(dialog);
  dialog.showModal();
  cancel.focus();
}

/** A job that is already gone counts as deleted. */
function deleteJobs(jobs: readonly Named[]): Promise<void> {
  return enqueue(async () => {
    showBusy(jobs, true);
    const outcomes = await runBatch(jobs, CONCURRENCY, ({ id }) => deleteJob(id));
    showBusy(jobs, false);
    const failures = failuresOf(outcomes).filter(({ error }) => !isNotFound(error));
    const failed = new Set(failures.map(({ item }) => item.id));
    const deleted = jobs.filter(({ id }) => !failed.has(id));
    deselect(deleted.map(({ id }) => id));
    for (const { id } of deleted) emit("job:deleted", { id });
    refreshUncertain(failures.map(({ error }) => error));
    showToast({
      text: outcome(jobs, deleted, failures),
      details: failureLines(failures),
      actions: failures.length > 0 ? [{ label: "Retry", run: () => void deleteJobs(failures.map((f) => f.item)) }] : [],
      sticky: failures.length > 0,
    });
    if (document.activeElement === document.body) focusCursor();
  });
}

function outcome(jobs: readonly Named[], deleted: readonly Named[], failures: readonly { error: unknown }[]): string {
  if (failures.length === 0) return `Deleted ${describeJobs(deleted)}.`;
  if (deleted.length > 0 || !failures.every(({ error }) => isOutcomeUnknown(error)))
    return `${deleted.length} of ${jobCount(jobs.length)} deleted.`;
  return `Couldn’t confirm that ${describeJobs(jobs)} ${jobs.length === 1 ? "was" : "were"} deleted.`;
}
