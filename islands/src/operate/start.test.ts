/** Cursor, selection and deletion by keyboard. */
import { waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { freshList, startOperating, swap, toast } from "../testing/operating";
import { element } from "../testing/page";
import { type Call, json, makeJob, nth, problem, recordEvents } from "../testing/server";

const { keyboard } = userEvent;
const cursor = () => document.querySelector("tr[aria-current]")?.id;
const selected = () => [...document.querySelectorAll("tr[data-selected]")].map(({ id }) => id);
const bar = () => element(".selection-bar");
const box = (id: number) => element(`[data-select="${id}"]`) as HTMLInputElement;
let calls: Call[];

beforeAll(startOperating);
beforeEach(() => {
  calls = freshList();
});

test("the cursor moves down and up with the focus, and stops at the ends", async () => {
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

test("the cursor stays with its job through a swap, or moves to the job in its place", async () => {
  element("#job-2 a").focus();
  swap([9, 1, 2, 3]);
  expect(cursor()).toBe("job-2");
  swap([9, 1, 3, 4]);
  expect(cursor()).toBe("job-3");
  expect(document.activeElement).toBe(element("#job-3 a"));
  swap([9]);
  expect(cursor()).toBe("job-9");
});

test("a swap does not take the focus from other elements", () => {
  element("#job-2 a").focus();
  element("#search").focus();
  swap([1, 3]);
  expect(cursor()).toBe("job-3");
  expect(document.activeElement).toBe(element("#search"));
});

test("Escape moves from a field to the cursor's row, or leaves the field without one", async () => {
  element("#job-3 a").focus();
  element("#search").focus();
  await keyboard("{Escape}");
  expect(document.activeElement).toBe(element("#job-3 a"));
  swap([]);
  element("#search").focus();
  await keyboard("{Escape}");
  expect(document.activeElement).toBe(document.body);
});

test("x selects, and the selection outlives the rows", async () => {
  element("#job-1 a").focus();
  await keyboard("xjx");
  expect(selected()).toEqual(["job-1", "job-2"]);
  expect(bar().textContent).toContain("2 selected");
  swap([2, 7]);
  expect(selected()).toEqual(["job-2"]);
  expect(box(2).checked).toBe(true);
  expect(bar().textContent).toContain("2 selected · 1 on other pages");
  swap([1, 2]);
  expect(selected()).toEqual(["job-1", "job-2"]);
  await keyboard("{Escape}");
  expect(selected()).toEqual([]);
  expect(bar().hidden).toBe(true);
});

test("Shift+j extends the selection down, and Shift+k shrinks it", async () => {
  element("#job-1 a").focus();
  await keyboard("{Shift>}JJ{/Shift}");
  expect(selected()).toEqual(["job-1", "job-2", "job-3"]);
  await keyboard("{Shift>}K{/Shift}");
  expect(selected()).toEqual(["job-1", "job-2"]);
  expect(cursor()).toBe("job-2");
});

test("a Shift-click selects a range", async () => {
  const user = userEvent.setup();
  await user.click(box(4));
  await user.keyboard("{Shift>}");
  await user.click(box(2));
  await user.keyboard("{/Shift}");
  expect(selected()).toEqual(["job-2", "job-3", "job-4"]);
});

test("the page checkbox selects all rows, and is indeterminate for some", async () => {
  element("#job-1 a").focus();
  await keyboard("x");
  const page = () => element("[data-select-page]") as HTMLInputElement;
  expect([page().checked, page().indeterminate]).toEqual([false, true]);
  await keyboard("*a");
  expect([selected().length, page().checked, page().indeterminate]).toEqual([4, true, false]);
  await keyboard("{Control>}a{/Control}");
  expect(selected()).toEqual([]);
});

test("many rows are shown as selected in steps, and counted at once", async () => {
  swap(Array.from({ length: 120 }, (_, index) => index + 1));
  element("#job-1 a").focus();
  await keyboard("*a");
  expect(bar().textContent).toContain("120 selected");
  await waitFor(() => expect(selected()).toHaveLength(120));
  expect(box(120).checked).toBe(true);
  await keyboard("*a");
  await waitFor(() => expect(selected()).toHaveLength(0));
});

test("one job is deleted through its own dialog, and Cancel returns the focus to its row", async () => {
  element("#job-2 a").focus();
  await keyboard("{Shift>}D{/Shift}");
  const dialog = element("#delete-dialog") as HTMLDialogElement;
  expect(dialog.open).toBe(true);
  expect(element("#delete-dialog [data-name]").textContent).toBe("Job 2");
  element("button[value=cancel]").click();
  expect(document.activeElement).toBe(element("#job-2 a"));
  expect(calls).toEqual([]);
});

test("several jobs are deleted after one confirmation with their number and first names", async () => {
  const events = recordEvents("job:deleted");
  element("#job-1 a").focus();
  await keyboard("*a{Shift>}D{/Shift}");
  const dialog = document.querySelector<HTMLDialogElement>("dialog[aria-labelledby=delete-several]");
  expect(dialog?.textContent).toContain("Delete 4 jobs?");
  expect([...(dialog?.querySelectorAll("[data-jobs] li") ?? [])].map(({ textContent }) => textContent)).toEqual(
    [1, 2, 3, 4].map((id) => `Job ${id} ${id}`),
  );
  expect(dialog?.querySelectorAll("[data-jobs] bdi")).toHaveLength(4);
  expect(document.activeElement?.textContent).toBe("Cancel");
  element("dialog[open] button[value=delete]").click();
  await waitFor(() => expect(calls).toHaveLength(1));
  const jobs = [1, 2, 3, 4].map((id) => ({ id }));
  expect(nth(calls, 0)).toMatchObject({ method: "POST", url: "/api/jobs/delete/", body: { jobs } });
  const refusal = { title: "Conflict", status: 409, code: "job_changed", detail: "The job has changed since." };
  const results = [1, 2, 3].map((id) => ({ id, status: 204 }));
  nth(calls, 0).answer(json(200, { results: [...results, { id: 4, status: 409, problem: refusal }] }));
  await waitFor(() => expect(toast()).toContain("3 of 4 jobs deleted."));
  expect(toast()).toContain("Job 4: The job has changed since.");
  expect(events).toEqual(["1", "2", "3"].map((id) => ({ id, handled: true })));
  expect(bar().textContent).toContain("1 selected");
});

test("without a job the commands report it", async () => {
  swap([]);
  await keyboard("f");
  expect(toast()).toBe("No job selected. Move to a job or select some first.");
  expect(calls).toEqual([]);
});

test("a dialog names ten jobs and the number of the others", async () => {
  swap(Array.from({ length: 12 }, (_, index) => index + 1));
  element("#job-1 a").focus();
  await keyboard("*a{Shift>}D{/Shift}");
  const items = [...document.querySelectorAll("dialog[open] [data-jobs] li")];
  expect(items).toHaveLength(11);
  expect(items.at(-1)?.textContent).toBe("and 2 more");
  element("dialog[open] button[value=cancel]").click();
});

test("e renames the cursor's job", async () => {
  element("#job-2 a").focus();
  await keyboard("e");
  const field = element("dialog[open] input") as HTMLInputElement;
  expect(field.value).toBe("Job 2");
  expect(document.activeElement).toBe(field);
  await keyboard("{Backspace}{Enter}");
  expect(element("dialog[open] [role=alert]").textContent).toBe("Enter a name.");
  await keyboard(" Wing {Enter}");
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(nth(calls, 0).method).toBe("GET"); // the row has no version
  nth(calls, 0).answer(json(200, makeJob({ id: "2", name: "Job 2" })));
  await waitFor(() => expect(calls).toHaveLength(2));
  expect(nth(calls, 1)).toMatchObject({ method: "PATCH", url: "/api/jobs/2/", body: { name: "Wing" } });
  expect(nth(calls, 1).headers.get("If-Match")).toBe('"2026-11-22T10:00:00.000000Z"');
  nth(calls, 1).answer(problem(412, "precondition_failed", "The job has changed."));
  await waitFor(() => expect(calls).toHaveLength(3));
  const later = "2026-11-22T10:00:09.000000Z";
  nth(calls, 2).answer(json(200, makeJob({ id: "2", name: "Tail", updated_at: later })));
  await waitFor(() =>
    expect(element("dialog[open] [role=alert]").textContent).toBe(
      "Job 2 has changed since: it is now named Tail. Save again to rename it anyway.",
    ),
  );
  await keyboard("{Enter}");
  await waitFor(() => expect(calls).toHaveLength(4));
  expect(nth(calls, 3).headers.get("If-Match")).toBe(`"${later}"`);
  nth(calls, 3).answer(json(200, makeJob({ id: "2", name: "Wing", updated_at: "2026-11-22T10:00:10.000000Z" })));
  await waitFor(() => expect(toast()).toBe("Renamed Tail to Wing."));
  expect(document.querySelector("dialog[open]")).toBeNull();
  await keyboard("z");
  await waitFor(() => expect(calls).toHaveLength(5));
  expect(nth(calls, 4)).toMatchObject({ method: "PATCH", url: "/api/jobs/2/", body: { name: "Tail" } });
  expect(nth(calls, 4).headers.get("If-Match")).toBe('"2026-11-22T10:00:10.000000Z"');
  nth(calls, 4).answer(json(200, makeJob({ id: "2", name: "Tail", updated_at: "2026-11-22T10:00:11.000000Z" })));
  await waitFor(() => expect(toast()).toBe("Renamed back to Tail."));
});

test("Escape gives up a rename, and several jobs cannot be renamed", async () => {
  element("#job-2 a").focus();
  await keyboard("e");
  (element("dialog[open]") as HTMLDialogElement).close();
  expect(document.activeElement).toBe(element("#job-2 a"));
  await keyboard("xjxe");
  expect(toast()).toBe("You can rename one job at a time.");
  expect(calls).toEqual([]);
});

test("keys change nothing for those who may only look, and say so", async () => {
  document.body.dataset["readOnly"] = "";
  element("#job-2 a").focus();
  await keyboard("xr");
  expect(selected()).toEqual(["job-2"]);
  expect(toast()).toContain("can look at jobs, and not change them");
  expect(calls).toHaveLength(0);
  delete document.body.dataset["readOnly"];
});
