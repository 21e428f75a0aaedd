/** Cursor, selection, actions and undo as a hand on the keyboard meets them. */
import { waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Job } from "../api/types";
import { emit } from "../events";
import { wireDeleteDialog } from "../page/delete-dialog";
import { wireSwaps } from "../page/swaps";
import { listPage, tableOf } from "../testing/list";
import { element, fire } from "../testing/page";
import { type Call, heard, json, makeJob, nth, problem, stubServer } from "../testing/server";
import { clearSelection } from "./selection";
import { start } from "./start";
import { closeToast } from "./toast";

const { keyboard } = userEvent;
const cursor = () => document.querySelector("tr[aria-current]")?.id;
const picked = () => [...document.querySelectorAll("tr[data-picked]")].map(({ id }) => id);
const toast = () => element(".toast [role=status]").textContent;
const toastButton = (label: string) =>
  [...document.querySelectorAll<HTMLElement>(".toast button")].find(({ textContent }) =>
    textContent?.startsWith(label),
  );
const bar = () => element(".selection-bar");
const box = (id: number) => element(`[data-pick="${id}"]`) as HTMLInputElement;
let calls: Call[];

/** What htmx does: the table's content is another one. */
function swap(ids: readonly number[]): void {
  const table = element("#job-table");
  const ctx = { target: table, sourceElement: table, response: { status: 200 }, request: { headers: {} }, text: "" };
  const detail = { ctx, tasks: [] } as unknown as Parameters<typeof fire<"htmx:before:swap">>[1];
  fire("htmx:before:swap", detail);
  table.innerHTML = tableOf(ids);
  fire("htmx:after:swap", detail);
}

const changed = (id: number, status: "PENDING" | "RUNNING" | "FAILED" = "RUNNING") =>
  json(200, makeJob({ id, name: `Job ${id}`, current_status: status, updated_at: `2026-11-22T10:00:0${id}.000000Z` }));

beforeAll(() => {
  document.body.dataset["page"] = "job_list";
  document.body.innerHTML = listPage([1, 2, 3]);
  wireSwaps();
  wireDeleteDialog();
  start();
});

beforeEach(() => {
  document.body.innerHTML = listPage([1, 2, 3, 4]);
  closeToast();
  clearSelection();
  swap([1, 2, 3, 4]);
  for (const row of document.querySelectorAll("tr")) row.removeAttribute("aria-current");
  calls = stubServer();
});

test("the cursor goes down and up, is the focus, and stops at the ends", async () => {
  element("#job-2 a").focus();
  await keyboard("j");
  expect(cursor()).toBe("job-3");
  expect(document.activeElement).toBe(element("#job-3 a"));
  await keyboard("jj{ArrowDown}");
  expect(cursor()).toBe("job-4");
  await keyboard("{Home}");
  expect(cursor()).toBe("job-1");
  await keyboard("k{End}");
  expect(cursor()).toBe("job-4");
});

test("the cursor stays with its job through a swap, and goes to the one in its place when that left", async () => {
  element("#job-2 a").focus();
  swap([9, 1, 2, 3]);
  expect(cursor()).toBe("job-2");
  swap([9, 1, 3, 4]);
  expect(cursor()).toBe("job-3");
  expect(document.activeElement).toBe(element("#job-3 a"));
  swap([9]);
  expect(cursor()).toBe("job-9");
});

test("a swap does not take the focus from elsewhere", () => {
  element("#job-2 a").focus();
  element("#search").focus();
  swap([1, 3]);
  expect(cursor()).toBe("job-3");
  expect(document.activeElement).toBe(element("#search"));
});

test("another page begins at its first job", async () => {
  element("#job-3 a").focus();
  await keyboard("{]}");
  swap([7, 8, 9]);
  expect(document.activeElement).toBe(element("#job-7 a"));
});

test("x selects; the selection outlives the rows, and the bar says where they are", async () => {
  element("#job-1 a").focus();
  await keyboard("xjx");
  expect(picked()).toEqual(["job-1", "job-2"]);
  expect(bar().textContent).toContain("2 selected");
  swap([2, 7]);
  expect(picked()).toEqual(["job-2"]);
  expect(box(2).checked).toBe(true);
  expect(bar().textContent).toContain("of which 1 is on other pages");
  swap([1, 2]);
  expect(picked()).toEqual(["job-1", "job-2"]);
  await keyboard("{Escape}");
  expect(picked()).toEqual([]);
  expect(bar().hidden).toBe(true);
});

test("Shift+j selects downwards, and gives up again upwards", async () => {
  element("#job-1 a").focus();
  await keyboard("{Shift>}JJ{/Shift}");
  expect(picked()).toEqual(["job-1", "job-2", "job-3"]);
  await keyboard("{Shift>}K{/Shift}");
  expect(picked()).toEqual(["job-1", "job-2"]);
  expect(cursor()).toBe("job-2");
});

test("a click with Shift selects all between", async () => {
  const user = userEvent.setup();
  await user.click(box(4));
  await user.keyboard("{Shift>}");
  await user.click(box(2));
  await user.keyboard("{/Shift}");
  expect(picked()).toEqual(["job-2", "job-3", "job-4"]);
});

test("the page is selected and unselected as a whole, and half is shown as half", async () => {
  element("#job-1 a").focus();
  await keyboard("x");
  const page = () => element("[data-pick-page]") as HTMLInputElement;
  expect([page().checked, page().indeterminate]).toEqual([false, true]);
  await keyboard("*a");
  expect([picked().length, page().checked, page().indeterminate]).toEqual([4, true, false]);
  await keyboard("{Control>}a{/Control}");
  expect(picked()).toEqual([]);
});

test("a status is set on the cursor's job, shown, said once, and undone by z", async () => {
  const events = heard("job:status-changed");
  element("#job-2 a").focus();
  await keyboard("r");
  expect(nth(calls, 0)).toMatchObject({ method: "PATCH", url: "/api/jobs/2/", body: { status_type: "RUNNING" } });
  nth(calls, 0).answer(changed(2));
  await waitFor(() => expect(toast()).toBe("Job 2 is now Running."));
  expect(element("#job-status-2").dataset["status"]).toBe("RUNNING");
  expect(events).toHaveLength(1);
  expect(document.activeElement).toBe(element("#job-2 a"));
  await keyboard("z");
  await waitFor(() => expect(calls).toHaveLength(2));
  expect(nth(calls, 1)).toMatchObject({
    url: "/api/jobs/2/undo/",
    body: { updated_at: "2026-11-22T10:00:02.000000Z" },
  });
  nth(calls, 1).answer(changed(2, "PENDING"));
  await waitFor(() => expect(toast()).toBe("Job 2 is Pending again."));
  expect(element("#job-status-2").dataset["status"]).toBe("PENDING");
  await keyboard("z");
  await waitFor(() => expect(toast()).toBe("There is nothing to undo."));
  expect(calls).toHaveLength(2);
});

test("a choice in a dropdown can be undone too", async () => {
  emit("job:status-changed", { job: makeJob({ id: 3, name: "Job 3", current_status: "FAILED" }) });
  expect(toast()).toBe("Job 3 is now Failed.");
  toastButton("Undo")?.click();
  await waitFor(() => expect(calls).toHaveLength(1));
  nth(calls, 0).answer(problem(409, "job_changed", "The job has changed since."));
  await waitFor(() => expect(toast()).toBe("Job 3 has changed since: nothing was undone."));
});

/** The answer for several: for each its job, or why it is not. */
const several = (...results: (Job | [number, number, string])[]) =>
  json(200, {
    results: results.map((result) => {
      if (!Array.isArray(result)) return { id: result.id, status: 200, job: result };
      const [id, status, detail] = result;
      return { id, status, problem: { type: "about:blank", title: "Refused", status, detail, code: "refused" } };
    }),
  });
const failed = (id: number) =>
  makeJob({ id, name: `Job ${id}`, current_status: "FAILED", updated_at: `2026-11-22T10:00:0${id}.000000Z` });

test("several are one request; what is gone is said, and all are undone together", async () => {
  element("#job-1 a").focus();
  await keyboard("*af");
  const jobs = [1, 2, 3, 4].map((id) => ({ id, status_type: "FAILED" }));
  expect(calls).toHaveLength(1);
  expect(nth(calls, 0)).toMatchObject({ method: "PATCH", url: "/api/jobs/", body: { jobs } });
  nth(calls, 0).answer(several(failed(1), failed(2), [3, 404, "Nothing here."], failed(4)));
  await waitFor(() => expect(toast()).toContain("3 of 4 jobs are now Failed."));
  expect(toast()).toContain("Job 3: This job was deleted.");
  expect(toastButton("Retry")).toBeUndefined();
  expect(bar().textContent).toContain("3 selected");
  expect(element("#job-status-2").dataset["status"]).toBe("FAILED");
  toastButton("Undo")?.click();
  await waitFor(() => expect(calls).toHaveLength(4));
  for (const index of [1, 2]) nth(calls, index).answer(changed(index, "PENDING"));
  nth(calls, 3).answer(problem(409, "job_changed", "The job has changed since."));
  await waitFor(() => expect(toast()).toContain("Job 4 has changed since: nothing was undone."));
  expect(toast()).toContain("2 jobs are what they were before.");
});

test("where the one request fails, each of them is named and tried again", async () => {
  element("#job-1 a").focus();
  await keyboard("*af");
  nth(calls, 0).answer(problem(503, "database_unavailable", "The database cannot be reached."));
  await waitFor(() => expect(toast()).toContain("4 jobs could not be set to Failed."));
  expect(toast()).toContain("Job 2: The database cannot be reached.");
  expect(bar().textContent).toContain("4 selected");
  toastButton("Retry")?.click();
  await waitFor(() => expect(calls).toHaveLength(2));
  nth(calls, 1).answer(several(...[1, 2, 3, 4].map(failed)));
  await waitFor(() => expect(toast()).toBe("4 jobs are now Failed."));
});

test("what was refused alone is tried again alone, and undone with the others", async () => {
  element("#job-1 a").focus();
  await keyboard("*af");
  nth(calls, 0).answer(several(failed(1), [2, 409, "The job has changed since."], failed(3), failed(4)));
  await waitFor(() => expect(toast()).toContain("3 of 4 jobs are now Failed."));
  toastButton("Retry")?.click();
  await waitFor(() => expect(calls).toHaveLength(2));
  expect(nth(calls, 1)).toMatchObject({ url: "/api/jobs/2/", body: { status_type: "FAILED" } });
  nth(calls, 1).answer(changed(2, "FAILED"));
  await waitFor(() => expect(toast()).toBe("4 jobs are now Failed."));
  toastButton("Undo")?.click();
  await waitFor(() => expect(calls).toHaveLength(6));
  for (const [index, id] of [1, 3, 4, 2].entries()) nth(calls, index + 2).answer(changed(id, "PENDING"));
  await waitFor(() => expect(toast()).toBe("4 jobs are what they were before."));
});

test.each([
  ["no list", {}],
  ["too few", { results: [{ id: 1, status: 200, job: makeJob({ id: 1 }) }] }],
  ["another job", { results: [1, 2, 3, 5].map((id) => ({ id, status: 200, job: makeJob({ id }) })) }],
  ["nothing of one", { results: [1, 2, 3, 4].map((id) => ({ id, status: 200 })) }],
])("an answer with %s is no answer", async (_, body) => {
  element("#job-1 a").focus();
  await keyboard("*af");
  nth(calls, 0).answer(json(200, body));
  await waitFor(() => expect(toast()).toContain("4 jobs could not be set to Failed."));
  expect(toast()).toContain("Job 1: The server gave an unexpected answer (200).");
});

test("changes reach the server in the order they were meant", async () => {
  element("#job-1 a").focus();
  await keyboard("rf");
  expect(calls).toHaveLength(1);
  nth(calls, 0).answer(changed(1));
  await waitFor(() => expect(nth(calls, 1).body).toEqual({ status_type: "FAILED" }));
  nth(calls, 1).answer(changed(1, "FAILED"));
  await waitFor(() => expect(toast()).toBe("Job 1 is now Failed."));
});

test("one job is deleted through its own dialog, and kept, the focus is on its row", async () => {
  element("#job-2 a").focus();
  await keyboard("{Shift>}D{/Shift}");
  const dialog = element("#delete-dialog") as HTMLDialogElement;
  expect(dialog.open).toBe(true);
  expect(element("#delete-dialog [data-name]").textContent).toBe("Job 2");
  element("button[value=cancel]").click();
  expect(document.activeElement).toBe(element("#job-2 a"));
  expect(calls).toEqual([]);
});

test("several are deleted after one question that names their number and the first names", async () => {
  const events = heard("job:deleted");
  element("#job-1 a").focus();
  await keyboard("*a{Shift>}D{/Shift}");
  const dialog = document.querySelector<HTMLDialogElement>("dialog[aria-labelledby=delete-several]");
  expect(dialog?.textContent).toContain("Delete 4 jobs?");
  expect(dialog?.textContent).toContain("Job 1, Job 2, Job 3 and 1 job more");
  expect(document.activeElement?.textContent).toBe("Keep jobs");
  element("dialog[open] button[value=delete]").click();
  await waitFor(() => expect(calls).toHaveLength(4));
  for (const call of calls.slice(0, 3)) call.answer(new Response(null, { status: 204 }));
  nth(calls, 3).answer(problem(503, "database_unavailable", "The database cannot be reached."));
  await waitFor(() => expect(toast()).toContain("3 of 4 jobs deleted."));
  expect(toast()).toContain("Job 4: The database cannot be reached.");
  expect(events).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  expect(bar().textContent).toContain("1 selected");
});

test("without a job the keys say so", async () => {
  swap([]);
  await keyboard("f");
  expect(toast()).toBe("No job is chosen. Move to one first, or select some.");
  expect(calls).toEqual([]);
});
