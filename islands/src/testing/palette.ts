/** The palette of a list page, for its tests. */
import { vi } from "vitest";
import { afterPaint } from "../dom";
import { runCommand } from "../operate/commands";
import { openPalette } from "../operate/palette";
import { clearSelection } from "../operate/selection";
import { clearStack } from "../operate/undo-storage";
import { listPage } from "./list";
import { element } from "./page";
import { type Call, json, stubServer } from "./server";

export const field = () => element(".palette input") as HTMLInputElement;
export const options = () => [...document.querySelectorAll(".palette [role=option]")];
export const lines = () => options().map(({ textContent }) => textContent);
export const active = () => document.getElementById(field().getAttribute("aria-activedescendant") ?? "")?.textContent;
export const note = () => element(".palette .hint").textContent;
export const spoken = () => element(".palette [role=status]").textContent;
export const groups = () =>
  [...document.querySelectorAll(".palette [role=group]")].map((group) => group.getAttribute("aria-label"));
export const isOpen = () => document.querySelector(".palette") !== null;
export const page = (...jobs: object[]) => json(200, { count: jobs.length, results: jobs });
export const assigned = () => vi.spyOn(window.location, "assign").mockImplementation(() => undefined);

/** Requests for jobs among these. */
export const searchesIn = (calls: readonly Call[]) => calls.filter(({ url }) => url.startsWith("/api/jobs/"));

export function close(): void {
  document.querySelector<HTMLDialogElement>("dialog.palette")?.close();
}

export async function open(): Promise<void> {
  close();
  openPalette(runCommand);
  field().focus();
  await afterPaint(); // what is shown later
}

/** Opens the palette on a list of two jobs, with nothing remembered. Returns the requests made from now on. */
export async function freshPalette(): Promise<Call[]> {
  localStorage.clear();
  window.history.replaceState(null, "", "/");
  document.body.dataset["page"] = "job_list";
  document.body.innerHTML = listPage([1, 2]);
  clearSelection();
  clearStack();
  const calls = stubServer();
  await open();
  return calls;
}
