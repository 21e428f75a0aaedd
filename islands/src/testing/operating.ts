/** A list page with all shortcuts, for the tests of `operate/`. */
import type { Job } from "../api/types";
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

type Detail = Parameters<typeof fire<"htmx:before:swap">>[1];

/** Starts a request for the table as htmx does: by a link if it pushes a URL, or else a refresh. */
export function requestTable(link?: Element): (ids: readonly number[]) => void {
  const table = element("#job-table");
  const ctx = {
    target: table,
    sourceElement: link ?? table,
    response: { status: 200 },
    request: { headers: {} },
    text: "",
    ...(link && { push: "true" }),
  };
  const detail = { ctx, tasks: [] } as unknown as Detail;
  fire("htmx:before:request", detail);
  return (ids) => {
    fire("htmx:before:swap", detail);
    table.innerHTML = tableOf(ids);
    // htmx replaces a source that is gone.
    if (!ctx.sourceElement.isConnected) ctx.sourceElement = table;
    fire("htmx:after:swap", detail);
    fire("htmx:finally:request", detail);
  };
}

/** Swaps the table's content as htmx does, after a request by `link`, or else a refresh. */
export function swap(ids: readonly number[], link?: Element): void {
  requestTable(link)(ids);
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

/** A bulk response: for each job the changed job or an error. */
export const bulkResponse = (...results: (Job | [id: number, status: number, detail: string, code?: string])[]) =>
  json(200, {
    results: results.map((result) => {
      if (!Array.isArray(result)) return { id: result.id, status: 200, job: result };
      const [id, status, detail, code = "refused"] = result;
      return { id, status, problem: { type: "about:blank", title: "Refused", status, detail, code } };
    }),
  });
export const pending = (id: number) =>
  makeJob({ id: String(id), name: `Job ${id}`, updated_at: `2026-11-22T10:01:0${id}.000000Z` });
export const failed = (id: number) =>
  makeJob({
    id: String(id),
    name: `Job ${id}`,
    current_status: "FAILED",
    updated_at: `2026-11-22T10:00:0${id}.000000Z`,
  });

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
