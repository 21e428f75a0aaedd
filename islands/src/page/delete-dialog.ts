/** Asks before a job is deleted, and says in the dialog why it could not be. */
import { deleteJob } from "../api/client";
import { ApiError, sentence } from "../api/errors";
import { emit } from "../events";
import { announce } from "./announcer";
import { showBanner } from "./banner";
import { type Deletion, focusAfterDeletion, readDeletion } from "./deletion";

let current: Deletion | undefined;

function dialogElement(): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>("dialog#delete-dialog");
}

function open(deletion: Deletion): void {
  const dialog = dialogElement();
  const name = dialog?.querySelector("[data-name]");
  if (!dialog || !name) return;
  current = deletion;
  name.textContent = deletion.name;
  setBusy(dialog, false);
  setError(dialog, "");
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector<HTMLElement>("button[value=cancel]")?.focus();
}

async function confirm(dialog: HTMLDialogElement, deletion: Deletion): Promise<void> {
  if (dialog.ariaBusy === "true") return;
  setBusy(dialog, true);
  setError(dialog, "");
  const reason = await whyNotDeleted(deletion.id);
  if (reason === undefined) finished(dialog, deletion);
  else failed(dialog, deletion, reason);
}

/** A job that is gone already is as good as deleted. */
async function whyNotDeleted(id: string): Promise<string | undefined> {
  try {
    await deleteJob(id);
    return undefined;
  } catch (error) {
    return error instanceof ApiError && error.status === 404 ? undefined : sentence(error);
  }
}

/** Where the page's own job is gone, the page that comes next says so. */
function finished(dialog: HTMLDialogElement, deletion: Deletion): void {
  if (deletion.afterDelete) {
    emit("job:deleted", { id: deletion.id });
    location.assign(deletion.afterDelete);
    return;
  }
  if (current === deletion) {
    current = undefined;
    dialog.close("delete");
    focusAfterDeletion(deletion.opener);
  }
  announce(`deleted ${deletion.id}`, `Deleted ${deletion.name}`);
  emit("job:deleted", { id: deletion.id });
}

/** The dialog may have been left, or be asking about another job by now: then the banner says it. */
function failed(dialog: HTMLDialogElement, deletion: Deletion, reason: string): void {
  if (current === deletion) {
    setBusy(dialog, false);
    setError(dialog, reason);
  } else {
    showBanner("delete", `${deletion.name} could not be deleted. ${reason}`);
  }
}

function setBusy(dialog: HTMLDialogElement, busy: boolean): void {
  dialog.ariaBusy = String(busy);
  const button = dialog.querySelector("[data-confirm]");
  button?.setAttribute("aria-disabled", String(busy));
  button?.setAttribute("aria-busy", String(busy));
}

function setError(dialog: HTMLDialogElement, reason: string): void {
  const text = dialog.querySelector<HTMLElement>(".field-error");
  if (!text) return;
  text.hidden = reason === "";
  text.textContent = reason;
}

function onClick({ target }: Event): void {
  const opener = target instanceof Element ? target.closest<HTMLElement>("[data-delete-job]") : null;
  if (opener) open(readDeletion(opener));
}

function onSubmit(event: SubmitEvent): void {
  const dialog = dialogElement();
  if (!dialog?.contains(event.target as Node)) return;
  if (event.submitter?.getAttribute("value") !== "delete") return;
  event.preventDefault();
  if (current) void confirm(dialog, current);
}

/** However it closed without deleting, the focus returns to what opened it. `close` does not bubble: heard on the way down. */
function onClose({ target }: Event): void {
  if (target !== dialogElement() || (target as HTMLDialogElement).returnValue === "delete") return;
  current?.opener.focus();
  current = undefined;
}

export function wireDeleteDialog(): void {
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("close", onClose, true);
}
