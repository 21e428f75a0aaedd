/** Deleted jobs come back: by undo, and by the buttons of the trash. */
import { waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { emit } from "../events";
import { bulkResponse, changed, freshList, pending, startOperating, toast, toastButton } from "../testing/operating";
import { element } from "../testing/page";
import { type Call, nth, recordEvents } from "../testing/server";
import { showDeletionNotice } from "./deletion-notice";
import { readStack } from "./undo-storage";

const { keyboard } = userEvent;
const RESTORE = { method: "POST", url: "/api/trash/restore/" };
const deleteJob = (id: number) => emit("job:deleted", { id: String(id), name: `Job ${id}` });
let calls: Call[];

/** Changes wait for each other: an answer for each ends the queue. */
async function settle(index: number): Promise<void> {
  nth(calls, index).answer(bulkResponse(pending(1)));
  await waitFor(() => expect(toast()).toMatch(/Restored Job 1\.|Job 1 restored/));
}

beforeAll(startOperating);
beforeEach(() => {
  calls = freshList();
  document.body.dataset["page"] = "job_list";
});

test("z restores a deleted job, then undoes the change before the deletion with the new version", async () => {
  const events = recordEvents("jobs:restored");
  element("#job-1 a").focus();
  await keyboard("r");
  nth(calls, 0).answer(changed(1));
  await waitFor(() => expect(toast()).toContain("is now Running."));
  deleteJob(1);
  expect(toast()).toBe("Deleted Job 1.");
  await keyboard("z");
  await waitFor(() => expect(nth(calls, 1)).toMatchObject({ ...RESTORE, body: { ids: [1] } }));
  const restored = { ...pending(1), current_status: "RUNNING" as const };
  nth(calls, 1).answer(bulkResponse(restored));
  await waitFor(() => expect(toast()).toBe("Restored Job 1."));
  expect(events).toHaveLength(1);
  expect(toastButton("Redo")).toBeUndefined();
  toastButton("Undo again")?.click();
  await waitFor(() =>
    expect(nth(calls, 2).body).toEqual({
      jobs: [{ id: 1, updated_at: restored.updated_at, changed_at: "2026-11-22T10:00:01.000000Z" }],
    }),
  );
  await settle(2);
});

test("undo is not offered any more for a change of a job that has been deleted", async () => {
  element("#job-1 a").focus();
  await keyboard("r");
  nth(calls, 0).answer(changed(1));
  await waitFor(() => expect(toastButton("Undo")).toBeDefined());
  deleteJob(1);
  toastButton("Undo")?.click();
  await waitFor(() => expect(nth(calls, 1)).toMatchObject(RESTORE));
  await settle(1);
});

test("several deleted jobs come back by one request; what cannot come back is named", async () => {
  for (const id of [1, 2, 3]) element(`#job-${id} input[type=checkbox]`).click();
  await keyboard("{Shift>}D{/Shift}");
  element("dialog:not(#delete-dialog) [data-confirm]").click();
  await waitFor(() => expect(nth(calls, 0).url).toBe("/api/jobs/delete/"));
  nth(calls, 0).answer(
    new Response(JSON.stringify({ results: [1, 2, 3].map((id) => ({ id, status: 204 })) }), { status: 200 }),
  );
  await waitFor(() => expect(toast()).toBe("Deleted 3 jobs."));
  toastButton("Undo")?.click();
  await waitFor(() => expect(nth(calls, 1)).toMatchObject({ ...RESTORE, body: { ids: [1, 2, 3] } }));
  const taken = "Another job has the key.";
  nth(calls, 1).answer(
    bulkResponse(pending(1), [2, 404, "It is not there.", "not_in_trash"], [3, 409, taken, "key_taken"]),
  );
  await waitFor(() => expect(toast()).toContain("Restored Job 1. Can’t undo 2 jobs."));
  expect(toast()).toContain("Job 2: It is not there.Job 3: Another job has the key.");
  expect(readStack()).toEqual({ done: [], undone: [] });
});

test("a restore without an answer can be retried", async () => {
  deleteJob(1);
  await keyboard("z");
  await waitFor(() => expect(calls).toHaveLength(1));
  nth(calls, 0).fail(new TypeError());
  await waitFor(() => expect(toast()).toContain("Couldn’t confirm that Job 1 was restored."));
  toastButton("Retry")?.click();
  await waitFor(() => expect(nth(calls, 1)).toMatchObject({ ...RESTORE, body: { ids: [1] } }));
  expect(nth(calls, 1).headers.get("Idempotency-Key")).toBe(nth(calls, 0).headers.get("Idempotency-Key"));
  await settle(1);
});

test("if deletions are final, no undo is offered", () => {
  element("#delete-dialog").toggleAttribute("data-final", true);
  deleteJob(1);
  expect(toast()).toBe("Deleted Job 1.");
  expect(toastButton("Undo")).toBeUndefined();
});

test("the deletion of the page's own job is reported and can be undone on the next page", async () => {
  document.body.dataset["page"] = "job_detail";
  deleteJob(1);
  expect(toast()).toBe("");
  document.body.dataset["page"] = "job_list";
  showDeletionNotice();
  await waitFor(() => expect(toast()).toBe("Deleted Job 1."));
  toastButton("Undo")?.click();
  await waitFor(() => expect(nth(calls, 0)).toMatchObject(RESTORE));
  await settle(0);
});

const TRASH = `<section id="trash-table" tabindex="-1"><button data-restore=""></button><table><tbody>${[1, 2, 3]
  .map(
    (id) =>
      `<tr id="trashed-${id}"><td><input type="checkbox"></td><td><a href="/jobs/${id}/">Job ${id}</a></td>` +
      `<td><button data-restore="${id}" data-job-name="Job ${id}"></button></td></tr>`,
  )
  .join("")}</tbody></table></section>`;

test("a button of the trash restores its job; the focus goes to the next one", async () => {
  document.body.insertAdjacentHTML("beforeend", TRASH);
  const events = recordEvents("jobs:restored");
  element('[data-restore="2"]').click();
  await waitFor(() => expect(nth(calls, 0)).toMatchObject({ ...RESTORE, body: { ids: [2] } }));
  nth(calls, 0).answer(bulkResponse(pending(2)));
  await waitFor(() => expect(toast()).toBe("Restored Job 2."));
  expect(document.activeElement).toBe(element("#trashed-3 a"));
  expect(events).toHaveLength(1);
});

test("a repeated failure takes the place of the first one", async () => {
  document.body.insertAdjacentHTML("beforeend", TRASH);
  for (const index of [0, 1]) {
    element('[data-restore="2"]').click();
    await waitFor(() => expect(calls).toHaveLength(index + 1));
    nth(calls, index).answer(bulkResponse([2, 409, `Job ${index} has its key.`, "key_taken"]));
    await waitFor(() => expect(toast()).toBe(`Couldn’t restore Job 2.Job 2: Job ${index} has its key.`));
  }
});

test("one button selects all jobs of the page, or none", () => {
  document.body.insertAdjacentHTML(
    "beforeend",
    TRASH.replace("<table>", '<button data-restore="all"></button><table>'),
  );
  const checked = () => document.querySelectorAll("#trash-table :checked").length;
  element("#trashed-2 input").click();
  element('[data-restore="all"]').click();
  expect(checked()).toBe(3);
  element('[data-restore="all"]').click();
  expect(checked()).toBe(0);
});

test("the selected jobs are restored together; with none selected, the page says so", async () => {
  document.body.insertAdjacentHTML("beforeend", TRASH);
  element('[data-restore=""]').click();
  await waitFor(() => expect(toast()).toContain("No job selected."));
  for (const id of [1, 3]) element(`#trashed-${id} input`).click();
  element('[data-restore=""]').click();
  await waitFor(() => expect(nth(calls, 0).body).toEqual({ ids: [1, 3] }));
  nth(calls, 0).answer(bulkResponse(pending(1), [3, 409, "A job with this id exists.", "job_exists"]));
  await waitFor(() => expect(toast()).toContain("Restored Job 1. Couldn’t restore Job 3."));
  expect(toast()).toContain("Job 3: A job with this id exists.");
  toastButton("Retry")?.click();
  await waitFor(() => expect(nth(calls, 1).body).toEqual({ ids: [3] }));
  nth(calls, 1).answer(bulkResponse(pending(3)));
  await waitFor(() => expect(toast()).toBe("Restored Job 3."));
});
