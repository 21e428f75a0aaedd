/** Sets the status of one or more jobs by keyboard: outcome, undo and retry. */
import { waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { emit } from "../events";
import {
  bulkResponse,
  changed,
  failed,
  freshList,
  pending,
  startOperating,
  toast,
  toastButton,
} from "../testing/operating";
import { element } from "../testing/page";
import { type Call, json, makeJob, nth, problem, recordEvents } from "../testing/server";

const { keyboard } = userEvent;
const bar = () => element(".selection-bar");
let calls: Call[];

beforeAll(startOperating);
beforeEach(() => {
  calls = freshList();
});

test("a status is set on the cursor's job, reported once, and undone by z", async () => {
  const events = recordEvents("job:status-changed");
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
  const version = "2026-11-22T10:00:02.000000Z";
  expect(nth(calls, 1)).toMatchObject({
    method: "POST",
    url: "/api/jobs/undo/",
    body: { jobs: [{ id: 2, updated_at: version, changed_at: version }] },
  });
  nth(calls, 1).answer(bulkResponse(pending(2)));
  await waitFor(() => expect(toast()).toBe("Job 2 restored to Pending."));
  expect(element("#job-status-2").dataset["status"]).toBe("PENDING");
  await keyboard("z");
  await waitFor(() => expect(toast()).toBe("Nothing to undo"));
  expect(calls).toHaveLength(2);
});

test("changes are undone one after another and redone in order, with the versions of the undos", async () => {
  const at = (second: number) => `2026-11-22T11:00:0${second}.000000Z`;
  const job = (current_status: "PENDING" | "RUNNING" | "FAILED", second: number) =>
    makeJob({ id: "2", name: "Job 2", current_status, updated_at: at(second) });
  element("#job-2 a").focus();
  await keyboard("r");
  nth(calls, 0).answer(json(200, job("RUNNING", 1)));
  await waitFor(() => expect(toast()).toBe("Job 2 is now Running."));
  await keyboard("f");
  await waitFor(() => expect(calls).toHaveLength(2));
  nth(calls, 1).answer(json(200, job("FAILED", 2)));
  await waitFor(() => expect(toast()).toBe("Job 2 is now Failed."));
  await keyboard("z");
  await waitFor(() => expect(nth(calls, 2).body).toEqual({ jobs: [{ id: 2, updated_at: at(2), changed_at: at(2) }] }));
  nth(calls, 2).answer(bulkResponse(job("RUNNING", 3)));
  await waitFor(() => expect(toast()).toBe("Job 2 restored to Running."));
  expect(toastButton("Redo")).toBeDefined();
  toastButton("Undo again")?.click();
  await waitFor(() => expect(nth(calls, 3).body).toEqual({ jobs: [{ id: 2, updated_at: at(3), changed_at: at(1) }] }));
  nth(calls, 3).answer(bulkResponse(job("PENDING", 4)));
  await waitFor(() => expect(toast()).toBe("Job 2 restored to Pending."));
  await keyboard("{Shift>}Z{/Shift}");
  await waitFor(() => expect(calls).toHaveLength(5));
  expect(nth(calls, 4)).toMatchObject({
    method: "POST",
    url: "/api/jobs/undo/",
    body: { jobs: [{ id: 2, updated_at: at(4), changed_at: at(4) }] },
  });
  nth(calls, 4).answer(bulkResponse(job("RUNNING", 5)));
  await waitFor(() => expect(toast()).toBe("Job 2 is Running again."));
  await keyboard("{Shift>}Z{/Shift}");
  // The undo of the change to Failed
  await waitFor(() => expect(nth(calls, 5).body).toEqual({ jobs: [{ id: 2, updated_at: at(5), changed_at: at(3) }] }));
  nth(calls, 5).answer(bulkResponse(job("FAILED", 6)));
  await waitFor(() => expect(toast()).toBe("Job 2 is Failed again."));
  await keyboard("{Shift>}Z{/Shift}");
  await waitFor(() => expect(toast()).toBe("Nothing to redo"));
});

test("a success does not replace a failure, which goes away after the server has been reached again", async () => {
  element("#job-1 a").focus();
  await keyboard("f");
  nth(calls, 0).answer(problem(503, "database_unavailable", "The database cannot be reached."));
  await waitFor(() => expect(toast()).toContain("Couldn’t set Job 1 to Failed."));
  emit("job:status-changed", { job: makeJob({ id: "3", name: "Job 3", current_status: "FAILED" }) });
  expect(toast()).toContain("Couldn’t set Job 1 to Failed.The database cannot be reached.");
  expect(toast()).toContain("Job 3 is now Failed.");
  emit("server:back", {});
  expect(toast()).not.toContain("The database cannot be reached.");
  expect(toastButton("Retry")).toBeDefined();
});

test("a choice in a dropdown can be undone too", async () => {
  emit("job:status-changed", { job: makeJob({ id: "3", name: "Job 3", current_status: "FAILED" }) });
  expect(toast()).toBe("Job 3 is now Failed.");
  toastButton("Undo")?.click();
  await waitFor(() => expect(calls).toHaveLength(1));
  nth(calls, 0).answer(bulkResponse([3, 409, "The job has changed since."]));
  await waitFor(() => expect(toast()).toBe("Can’t undo: Job 3 has changed since."));
});

test("several jobs are one request, missing jobs are reported, and undo reverts all of them", async () => {
  element("#job-1 a").focus();
  await keyboard("*af");
  const jobs = [1, 2, 3, 4].map((id) => ({ id, status_type: "FAILED" }));
  expect(calls).toHaveLength(1);
  expect(nth(calls, 0)).toMatchObject({ method: "PATCH", url: "/api/jobs/", body: { jobs } });
  nth(calls, 0).answer(bulkResponse(failed(1), failed(2), [3, 404, "Nothing here."], failed(4)));
  await waitFor(() => expect(toast()).toContain("3 of 4 jobs are now Failed."));
  expect(toast()).toContain("Job 3: This job was deleted.");
  expect(toastButton("Retry")).toBeUndefined();
  expect(bar().textContent).toContain("3 selected");
  expect(element("#job-status-2").dataset["status"]).toBe("FAILED");
  toastButton("Undo")?.click();
  await waitFor(() => expect(calls).toHaveLength(2));
  nth(calls, 1).answer(bulkResponse(pending(1), pending(2), [4, 409, "The job has changed since."]));
  await waitFor(() => expect(toast()).toContain("Can’t undo: Job 4 has changed since."));
  expect(toast()).toContain("Restored 2 jobs.");
});

test("if the request fails, its reason is shown once and all jobs are retried", async () => {
  element("#job-1 a").focus();
  await keyboard("*af");
  nth(calls, 0).answer(problem(503, "database_unavailable", "The database cannot be reached."));
  await waitFor(() => expect(toast()).toContain("Couldn’t set 4 jobs to Failed."));
  expect(toast().match(/The database cannot be reached\./g)).toHaveLength(1);
  expect(bar().textContent).toContain("4 selected");
  toastButton("Retry")?.click();
  await waitFor(() => expect(calls).toHaveLength(2));
  nth(calls, 1).answer(bulkResponse(...[1, 2, 3, 4].map(failed)));
  await waitFor(() => expect(toast()).toBe("4 jobs are now Failed."));
});

test("a single rejected job is retried alone, and undone with the others", async () => {
  element("#job-1 a").focus();
  await keyboard("*af");
  nth(calls, 0).answer(bulkResponse(failed(1), [2, 409, "The job has changed since."], failed(3), failed(4)));
  await waitFor(() => expect(toast()).toContain("3 of 4 jobs are now Failed."));
  toastButton("Retry")?.click();
  await waitFor(() => expect(calls).toHaveLength(2));
  expect(nth(calls, 1)).toMatchObject({ url: "/api/jobs/2/", body: { status_type: "FAILED" } });
  nth(calls, 1).answer(changed(2, "FAILED"));
  await waitFor(() => expect(toast()).toBe("4 jobs are now Failed."));
  toastButton("Undo")?.click();
  await waitFor(() => expect(calls).toHaveLength(3));
  nth(calls, 2).answer(bulkResponse(...[1, 3, 4, 2].map(pending)));
  await waitFor(() => expect(toast()).toBe("Restored 4 jobs."));
});

test.each([
  ["no results", {}],
  ["too few results", { results: [{ id: 1, status: 200, job: makeJob({ id: "1" }) }] }],
  ["another job", { results: [1, 2, 3, 5].map((id) => ({ id, status: 200, job: makeJob({ id: String(id) }) })) }],
  ["an empty result", { results: [1, 2, 3, 4].map((id) => ({ id, status: 200 })) }],
])("a response with %s leaves the outcome unknown", async (_, body) => {
  element("#job-1 a").focus();
  await keyboard("*af");
  nth(calls, 0).answer(json(200, body));
  await waitFor(() => expect(toast()).toContain("Couldn’t confirm that 4 jobs were set to Failed."));
  expect(toast()).toContain("The server sent an unexpected response (200). The change may have been made.");
});

test("after a change with an unknown outcome, undo does not revert the one before it", async () => {
  element("#job-1 a").focus();
  await keyboard("f");
  nth(calls, 0).answer(changed(1, "FAILED"));
  await waitFor(() => expect(toast()).toContain("is now Failed."));
  await keyboard("*ar");
  nth(calls, 1).answer(json(200, {}));
  await waitFor(() => expect(toast()).toContain("Couldn’t confirm that 4 jobs were set to Running."));
  await keyboard("z");
  await waitFor(() => expect(toast()).toContain("the outcome of the last change of 4 jobs is unknown."));
  expect(calls).toHaveLength(2);
  expect(toast()).toContain("Couldn’t confirm that 4 jobs were set to Running.");
  expect(toastButton("Retry")).toBeDefined();
});

test("changes reach the server in order", async () => {
  element("#job-1 a").focus();
  await keyboard("rf");
  expect(calls).toHaveLength(1);
  nth(calls, 0).answer(changed(1));
  await waitFor(() => expect(nth(calls, 1).body).toEqual({ status_type: "FAILED" }));
  nth(calls, 1).answer(changed(1, "FAILED"));
  await waitFor(() => expect(toast()).toBe("Job 1 is now Failed."));
});

test("a queued change is shown on its row immediately", async () => {
  element("#job-1 a").focus();
  await keyboard("f");
  element("#job-2 a").focus();
  await keyboard("r");
  expect(calls).toHaveLength(1);
  expect(element("#job-2").hasAttribute("data-busy")).toBe(true);
  nth(calls, 0).answer(changed(1, "FAILED"));
  await waitFor(() => expect(calls).toHaveLength(2));
  expect(element("#job-1").hasAttribute("data-busy")).toBe(false);
  nth(calls, 1).answer(changed(2));
  await waitFor(() => expect(element("#job-2").hasAttribute("data-busy")).toBe(false));
});

test("the reason for a single job does not repeat its name", async () => {
  element("#job-1 a").focus();
  await keyboard("f");
  nth(calls, 0).answer(problem(503, "database_unavailable", "The database cannot be reached."));
  await waitFor(() => expect(toast()).toBe("Couldn’t set Job 1 to Failed.The database cannot be reached."));
});
