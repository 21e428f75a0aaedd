/** The states of a dialog that asks for confirmation: open, busy, failed. */
import { h } from "../dom";
import { openModal } from "../modal";
import { isolatedNodes } from "./isolated";
import { jobCount } from "./job-count";

const MAX_NAMES = 10;

/** Lists the jobs with their ids, up to ten: names may contain commas, may be the same, and may be written in any direction. */
export function nameJobs(dialog: Element, jobs: readonly { id: string; name: string }[]): void {
  const [only] = jobs;
  const name = dialog.querySelector("[data-name]");
  const list = dialog.querySelector<HTMLElement>("[data-jobs]");
  if (!only || !name || !list) return;
  const isOne = jobs.length === 1;
  name.textContent = isOne ? only.name : jobCount(jobs.length);
  const id = dialog.querySelector("[data-id]");
  if (id) id.textContent = isOne ? only.id : "";
  name.toggleAttribute("data-count", !isOne);
  list.hidden = isOne;
  list.replaceChildren(...(isOne ? [] : nameItems(jobs)));
}

/** A list item for each of the first ten jobs, and one that counts the others. */
export function nameItems(jobs: readonly { id: string; name: string }[]): HTMLElement[] {
  const lines = jobs
    .slice(0, MAX_NAMES)
    .map(({ id, name }) => h("li", {}, h("bdi", { translate: "no" }, name), " ", h("small", {}, id)));
  const more = jobs.length - lines.length;
  return more > 0 ? [...lines, h("li", {}, `and ${more} more`)] : lines;
}

/** Opens the dialog without what an earlier deletion left in it, with the focus on Cancel. */
export function openFresh(dialog: HTMLDialogElement): void {
  setBusy(dialog, false);
  setError(dialog, "");
  dialog.returnValue = "";
  openModal(dialog);
  dialog.querySelector<HTMLElement>("button[value=cancel]")?.focus();
}

export function setBusy(dialog: HTMLDialogElement, busy: boolean): void {
  dialog.ariaBusy = String(busy);
  const button = dialog.querySelector("[data-confirm]");
  button?.setAttribute("aria-disabled", String(busy));
  button?.setAttribute("aria-busy", String(busy));
}

export function setError(dialog: HTMLDialogElement, reason: string): void {
  const text = dialog.querySelector<HTMLElement>(".field-error");
  if (!text) return;
  text.hidden = reason === "";
  text.replaceChildren(...isolatedNodes(reason));
}
