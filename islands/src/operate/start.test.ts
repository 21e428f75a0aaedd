/** Cursor, selection and deletion by keyboard. */
import { waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { freshList, startOperating, swap, toast } from "../testing/operating";
import { element } from "../testing/page";
import { type Call, nth, problem, recordEvents } from "../testing/server";

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
  expect(dialog?.textContent).toContain("Job 1, Job 2, Job 3 and 1 more job");
  expect(document.activeElement?.textContent).toBe("Cancel");
  element("dialog[open] button[value=delete]").click();
  await waitFor(() => expect(calls).toHaveLength(4));
  for (const call of calls.slice(0, 3)) call.answer(new Response(null, { status: 204 }));
  nth(calls, 3).answer(problem(503, "database_unavailable", "The database cannot be reached."));
  await waitFor(() => expect(toast()).toContain("3 of 4 jobs deleted."));
  expect(toast()).toContain("Job 4: The database cannot be reached.");
  expect(events).toEqual([{ id: "1" }, { id: "2" }, { id: "3" }]);
  expect(bar().textContent).toContain("1 selected");
});

test("the dialog for one job on another page uses the singular", async () => {
  element("#job-1 a").focus();
  await keyboard("x");
  swap([7, 8]);
  await keyboard("{Shift>}D{/Shift}");
  const dialog = element("dialog[aria-labelledby=delete-several]");
  expect(element("#delete-several").textContent).toBe("Delete job?");
  expect(dialog.querySelector("p")?.textContent).toBe(
    "Job 1 and its status history will be deleted. This cannot be undone.",
  );
  expect([...dialog.querySelectorAll("button")].map(({ textContent }) => textContent)).toEqual([
    "Cancel",
    "Delete job",
  ]);
});

test("without a job the commands report it", async () => {
  swap([]);
  await keyboard("f");
  expect(toast()).toBe("No job selected. Move to a job or select some first.");
  expect(calls).toEqual([]);
});
