/** Deletes one job through its own button and dialog, several after asking once. */
import { deleteJob } from "../api/client";
import { isUnsure } from "../api/errors";
import { emit } from "../events";
import { focusCursor, moveTo } from "./cursor";
import { h } from "./dom";
import { each, failuresOf } from "./each";
import { inTurn } from "./in-turn";
import { type Named, rowOf } from "./rows";
import { unchoose } from "./selection";
import { lookAgain, showBusy } from "./shown";
import { showToast } from "./toast";
import { isGone, jobCount, reasons, whichJobs } from "./words";

/** Requests at the same time. */
const WIDTH = 4;
const MOST_NAMES = 3;

export function askToDelete(jobs: readonly Named[]): boolean {
  const [only] = jobs;
  if (!only) return false;
  if (jobs.length > 1 || !askByButton(only)) askHere(jobs);
  return true;
}

/** The row's or the page's own delete button opens the dialog; kept, the focus is on the row again. */
function askByButton({ id }: Named): boolean {
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
  const first = jobs.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = jobs.length - first.length;
  return more > 0 ? `${first.join(", ")} and ${jobCount(more)} more` : first.join(", ");
}

/** For one the words are those of the page's own dialog: its row may be on another page of the list. */
function askHere(jobs: readonly Named[]): void {
  const one = jobs.length === 1;
  const what = one ? "job" : jobCount(jobs.length);
  const goesToo = one ? "its status history" : "their status histories";
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "delete-several" });
  const keep = h("button", { value: "cancel", class: "button" }, one ? "Keep job" : "Keep jobs");
  const confirm = h("button", { value: "delete", class: "button danger" }, `Delete ${what}`);
  dialog.append(
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "delete-several" }, `Delete ${what}?`),
      h("p", {}, h("strong", {}, names(jobs)), ` and ${goesToo} will be deleted. This cannot be undone.`),
      h("menu", {}, h("li", {}, keep), h("li", {}, confirm)),
    ),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "delete") void deleteJobs(jobs);
  });
  document.body.append(dialog);
  dialog.showModal();
  keep.focus();
}

/** A job that is gone already is as good as deleted. */
function deleteJobs(jobs: readonly Named[]): Promise<void> {
  return inTurn(async () => {
    showBusy(jobs, true);
    const outcomes = await each(jobs, WIDTH, ({ id }) => deleteJob(id));
    showBusy(jobs, false);
    const failures = failuresOf(outcomes).filter(({ error }) => !isGone(error));
    const failed = new Set(failures.map(({ item }) => item.id));
    const deleted = jobs.filter(({ id }) => !failed.has(id));
    unchoose(deleted.map(({ id }) => id));
    for (const { id } of deleted) emit("job:deleted", { id });
    lookAgain(failures.map(({ error }) => error));
    showToast({
      text: outcome(jobs, deleted, failures),
      details: reasons(failures),
      actions: failures.length > 0 ? [{ label: "Retry", run: () => void deleteJobs(failures.map((f) => f.item)) }] : [],
      stays: failures.length > 0,
    });
    if (document.activeElement === document.body) focusCursor();
  });
}

function outcome(jobs: readonly Named[], deleted: readonly Named[], failures: readonly { error: unknown }[]): string {
  if (failures.length === 0) return `Deleted ${whichJobs(deleted)}.`;
  if (deleted.length > 0 || !failures.every(({ error }) => isUnsure(error)))
    return `${deleted.length} of ${jobCount(jobs.length)} deleted.`;
  return `It is not known whether ${whichJobs(jobs)} ${jobs.length === 1 ? "was" : "were"} deleted.`;
}
