/** A status set on one job or several by a key, told, undone, and tried again. */
import { waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Job } from "../api/types";
import { emit } from "../events";
import { changed, freshList, startOperating, toast, toastButton } from "../testing/operating";
import { element } from "../testing/page";
import { type Call, heard, json, makeJob, nth, problem } from "../testing/server";

const { keyboard } = userEvent;
const bar = () => element(".selection-bar");
let calls: Call[];

beforeAll(startOperating);
beforeEach(() => {
  calls = freshList();
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
  emit("job:status-changed", { job: makeJob({ id: "3", name: "Job 3", current_status: "FAILED" }) });
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
  makeJob({
    id: String(id),
    name: `Job ${id}`,
    current_status: "FAILED",
    updated_at: `2026-11-22T10:00:0${id}.000000Z`,
  });

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

test("where the one request fails, its reason is said once and each is tried again", async () => {
  element("#job-1 a").focus();
  await keyboard("*af");
  nth(calls, 0).answer(problem(503, "database_unavailable", "The database cannot be reached."));
  await waitFor(() => expect(toast()).toContain("4 jobs could not be set to Failed."));
  expect(toast().match(/The database cannot be reached\./g)).toHaveLength(1);
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
  ["too few", { results: [{ id: 1, status: 200, job: makeJob({ id: "1" }) }] }],
  ["another job", { results: [1, 2, 3, 5].map((id) => ({ id, status: 200, job: makeJob({ id: String(id) }) })) }],
  ["nothing of one", { results: [1, 2, 3, 4].map((id) => ({ id, status: 200 })) }],
])("an answer with %s is no answer", async (_, body) => {
  element("#job-1 a").focus();
  await keyboard("*af");
  nth(calls, 0).answer(json(200, body));
  await waitFor(() => expect(toast()).toContain("It is not known whether 4 jobs became Failed."));
  expect(toast()).toContain("The server gave an unexpected answer (200). It may have been done;");
});

test("after a change that may have been made, the one before is not taken back in its place", async () => {
  element("#job-1 a").focus();
  await keyboard("f");
  nth(calls, 0).answer(changed(1, "FAILED"));
  await waitFor(() => expect(toast()).toContain("is now Failed."));
  await keyboard("*ar");
  nth(calls, 1).answer(json(200, {}));
  await waitFor(() => expect(toast()).toContain("It is not known whether 4 jobs became Running."));
  await keyboard("z");
  expect(calls).toHaveLength(2);
  expect(toast()).toContain("It is not known whether 4 jobs became Running.");
  expect(toastButton("Retry")).toBeDefined();
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

test("a change that waits for another is seen on its row at once", async () => {
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

test("of one job the reason is said without its name again", async () => {
  element("#job-1 a").focus();
  await keyboard("f");
  nth(calls, 0).answer(problem(503, "database_unavailable", "The database cannot be reached."));
  await waitFor(() => expect(toast()).toBe("Job 1 could not be set to Failed.The database cannot be reached."));
});
