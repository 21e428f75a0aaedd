/** A list page with all shortcuts, for the tests of `operate/`. */
import { clearSelection } from "../operate/selection";
import { start } from "../operate/start";
import { closeAllToasts } from "../operate/toast";
import { clearStack } from "../operate/undo-storage";
import { wireDeleteDialog } from "../page/delete-dialog";
import { wireSwaps } from "../page/swaps";
import { listPage, tableOf } from "./list";
import { element, fire } from "./page";
import { type Call, json, makeJob, stubServer } from "./server";

/** The texts of all toasts. */
export const toast = () =>
  [...document.querySelectorAll(".toast [role=status]")].map(({ textContent }) => textContent).join("");
export const toastButton = (label: string) =>
  [...document.querySelectorAll<HTMLElement>(".toast button")].find(({ textContent }) =>
    textContent?.startsWith(label),
  );

/** Swaps the table's content as htmx does, after a request by `source`. */
export function swap(ids: readonly number[], source: Element = element("#job-table")): void {
  const table = element("#job-table");
  const ctx = { target: table, sourceElement: source, response: { status: 200 }, request: { headers: {} }, text: "" };
  const detail = { ctx, tasks: [] } as unknown as Parameters<typeof fire<"htmx:before:swap">>[1];
  fire("htmx:before:swap", detail);
  table.innerHTML = tableOf(ids);
  fire("htmx:after:swap", detail);
}

export const changed = (id: number, status: "PENDING" | "RUNNING" | "FAILED" = "RUNNING") =>
  json(
    200,
    makeJob({
      id: String(id),
      name: `Job ${id}`,
      current_status: status,
      updated_at: `2026-11-22T10:00:0${id}.000000Z`,
    }),
  );

/** Call it once per test file, since listeners are never removed. */
export function startOperating(): void {
  document.body.dataset["page"] = "job_list";
  document.body.innerHTML = listPage([1, 2, 3]);
  wireSwaps();
  wireDeleteDialog();
  start();
}

/** Resets the page to four jobs without cursor, selection and toast. Returns the requests made from now on. */
export function freshList(): Call[] {
  document.body.innerHTML = listPage([1, 2, 3, 4]);
  closeAllToasts();
  clearStack();
  clearSelection();
  swap([1, 2, 3, 4]);
  for (const row of document.querySelectorAll("tr")) row.removeAttribute("aria-current");
  return stubServer();
}
