/** Asks for confirmation before a job is deleted, and shows in the dialog why a deletion failed. */
import { isolate } from "../api/names";
import { emit } from "../events";
import { showBanner } from "./banner";
import { nameJobs, openFresh, setBusy, setError } from "./confirm-dialog";
import { type Deletion, focusAfterDeletion, readDeletion } from "./deletion";

let current: Deletion | undefined;

function dialogElement(): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>("dialog#delete-dialog");
}

function open(deletion: Deletion): void {
  const dialog = dialogElement();
  if (!dialog) return;
  current = deletion;
  nameJobs(dialog, [deletion]);
  void deletionRequest().catch(() => undefined);
  openFresh(dialog);
}

async function confirm(dialog: HTMLDialogElement, deletion: Deletion): Promise<void> {
  if (dialog.ariaBusy === "true") return;
  setBusy(dialog, true);
  setError(dialog, "");
  const reason = await deletionError(deletion.id);
  if (reason === undefined) onDeleted(dialog, deletion);
  else onFailed(dialog, deletion, reason);
}

/** Fetched while the dialog is read. */
const deletionRequest = () => import("./deletion-request");

async function deletionError(id: string): Promise<string | undefined> {
  try {
    return (await deletionRequest()).deletionError(id);
  } catch {
    return navigator.onLine
      ? "Couldn’t load a part of the page. Reload it and try again."
      : "You’re offline. Nothing was deleted. Try again when you’re online.";
  }
}

/** After the deletion of the page's own job, the next page reports it. */
function onDeleted(dialog: HTMLDialogElement, deletion: Deletion): void {
  if (deletion.afterDelete) {
    emit("job:deleted", { id: deletion.id, name: deletion.name });
    location.assign(deletion.afterDelete);
    return;
  }
  if (current === deletion) {
    current = undefined;
    dialog.close("delete");
    // Whoever has made a hidden button for a job on another page returns the focus.
    if (!deletion.opener.hidden) focusAfterDeletion(deletion.opener);
  }
  emit("job:deleted", { id: deletion.id, name: deletion.name });
}

/** If the dialog was closed or shows another job by now, the banner reports the failure. */
function onFailed(dialog: HTMLDialogElement, deletion: Deletion, reason: string): void {
  if (current === deletion) {
    setBusy(dialog, false);
    setError(dialog, reason);
  } else {
    showBanner("delete", `Couldn’t delete ${isolate(deletion.name)}. ${reason}`);
  }
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

/** Returns the focus to the opener if nothing was deleted. `close` does not bubble, hence the capture phase. */
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
