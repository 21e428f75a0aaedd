/** Renames a job, in a dialog. If the job has changed since it was displayed, says so before the name is replaced. */
import { getJob, renameJob } from "../api/client";
import { ApiError, isConflict, isNotFound, isOutcomeUnknown, jobErrorMessage } from "../api/errors";
import { isolate, nameError } from "../api/names";
import { STATUSES } from "../api/statuses";
import type { Job } from "../api/types";
import { isComposing } from "../composing";
import { h, rowOf } from "../dom";
import { setBusy, setError } from "../page/confirm-dialog";
import { moveTo } from "./cursor";
import { nameInText } from "./describe";
import { displayedState, displayJobs, refreshIfOutcomeUnknown } from "./displayed-jobs";
import type { JobRef } from "./rows";
import { renameSelected } from "./selection";
import { enqueue } from "./serial-queue";
import { showToast } from "./toast";
import { undoAction } from "./undo";
import { push } from "./undo-stack";
import { newEntryKey, updateStack } from "./undo-storage";

const FIELD_ID = "rename-name";
const ERROR_ID = "rename-error";
const TITLE_ID = "rename-title";

/** The name that is replaced, and the version that has it; undefined if the page does not show the job. */
interface Shown {
  name: string;
  updatedAt: string | undefined;
}

export function askToRename(job: JobRef): void {
  const focused = document.activeElement;
  const field = h("input", {
    id: FIELD_ID,
    class: "input",
    autocomplete: "off",
    "aria-describedby": ERROR_ID,
    translate: "no",
    dir: "auto",
  });
  const dialog = createDialog(field);
  let shown: Shown = { name: job.name, updatedAt: displayedState(job.id)?.updatedAt || undefined };
  field.value = job.name;
  field.addEventListener("input", () => setError(dialog, ""));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && isComposing(event)) event.preventDefault();
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    if (dialog.ariaBusy === "true") return;
    void save(dialog, field, job.id, shown).then((current) => {
      shown = current;
    });
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (!moveTo(rowOf(job.id)) && focused instanceof HTMLElement) focused.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
  field.select();
}

function createDialog(field: HTMLElement): HTMLDialogElement {
  // Not a submit button: Enter in the field activates the first one.
  const cancel = h("button", { type: "button", class: "button" }, "Cancel");
  cancel.addEventListener("click", () => cancel.closest("dialog")?.close());
  return h(
    "dialog",
    { class: "dialog", "aria-labelledby": TITLE_ID },
    h(
      "form",
      { method: "dialog", novalidate: true },
      h("h2", { id: TITLE_ID }, "Rename job"),
      h("label", { for: FIELD_ID }, "Name"),
      field,
      h("p", { id: ERROR_ID, class: "field-error", role: "alert", hidden: true }),
      h(
        "menu",
        {},
        h("li", {}, cancel),
        h("li", {}, h("button", { type: "submit", class: "button primary", "data-confirm": true }, "Save")),
      ),
    ),
  );
}

/** Returns what the next attempt replaces: after a conflict, the job as it is now. */
async function save(dialog: HTMLDialogElement, field: HTMLInputElement, id: string, shown: Shown): Promise<Shown> {
  const name = field.value.trim();
  const invalid = nameError(name);
  field.setAttribute("aria-invalid", String(invalid !== undefined));
  if (invalid !== undefined) {
    fail(dialog, field, invalid);
    return shown;
  }
  if (name === shown.name) {
    dialog.close();
    return shown;
  }
  setBusy(dialog, true);
  setError(dialog, "");
  let current = shown;
  await enqueue(async () => {
    try {
      const version = shown.updatedAt ?? (await getJob(id)).updated_at;
      const job = await renameJob(id, name, version);
      onRenamed(job, shown.name);
      dialog.close();
    } catch (error) {
      refreshIfOutcomeUnknown([error]);
      const now = isConflict(error) ? await getJob(id).catch(() => undefined) : undefined;
      if (now) current = { name: now.name, updatedAt: now.updated_at };
      if (isOutcomeUnknown(error)) rememberUnknown({ id, name: shown.name });
      fail(dialog, field, now ? conflictText(now, shown) : reason(error));
    }
  });
  setBusy(dialog, false);
  return current;
}

function onRenamed(job: Job, from: string): void {
  const key = newEntryKey();
  const { id, name, updated_at: version } = job;
  updateStack((stack) => push(stack, { kind: "rename", key, items: [{ id, name, version, from, to: name }] }));
  renameSelected(id, name);
  displayJobs([job], "rename");
  const text = `Renamed ${nameInText({ name: from })} to ${nameInText(job)}.`;
  showToast({ text, topic: key, actions: [undoAction(key)] });
}

/** Undo must not take back the change before this one, which may have been made. */
function rememberUnknown(job: JobRef): void {
  updateStack((stack) => push(stack, { kind: "unknown", key: `rename ${job.id}`, items: [job] }));
}

function fail(dialog: HTMLDialogElement, field: HTMLInputElement, text: string): void {
  setError(dialog, text);
  field.focus();
}

function conflictText(now: Job, shown: Shown): string {
  const state = now.name === shown.name ? STATUSES[now.current_status].label : `named ${isolate(now.name)}`;
  return `${nameInText(shown)} has changed since: it is now ${state}. Save again to rename it anyway.`;
}

function reason(error: unknown): string {
  if (isNotFound(error)) return jobErrorMessage(error);
  const fields = error instanceof ApiError ? error.errors.filter(({ field }) => field === "name") : [];
  return fields.length > 0 ? fields.map(({ detail }) => detail).join(" ") : jobErrorMessage(error);
}
