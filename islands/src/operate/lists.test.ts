/** Other lists and pages: where the cursor goes, what the selection becomes, and what keys act on. */
import { waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { emit } from "../events";
import { freshList, requestTable, startOperating, swap, toast } from "../testing/operating";
import { element, fire } from "../testing/page";
import { type Call, nth } from "../testing/server";

const { keyboard } = userEvent;
const cursor = () => document.querySelector("tr[aria-current]")?.id;
const selected = () => [...document.querySelectorAll("tr[data-selected]")].map(({ id }) => id);
const bar = () => element(".selection-bar");
let calls: Call[];

const hint = () => element(".key-hint").textContent;

beforeAll(startOperating);
beforeEach(() => {
  calls = freshList();
});
afterEach(() => {
  vi.restoreAllMocks();
});

test("a new page puts the cursor on its first job, unless the user is typing", async () => {
  element("#job-2 a").focus();
  const older = element("#page-next");
  await keyboard("]");
  swap([5, 6], older);
  expect(document.activeElement).toBe(element("#job-5 a"));
  const next = element("#page-next");
  await keyboard("]/");
  expect(document.activeElement).toBe(element("#search"));
  swap([7, 8], next);
  expect(document.activeElement).toBe(element("#search"));
  expect(cursor()).toBe("job-7");
});

test("keys pressed while a page is loading act on its jobs", async () => {
  element("#job-2 a").focus();
  const link = element("#page-next");
  await keyboard("]");
  const arrive = requestTable(link);
  await keyboard("xjx");
  expect(selected()).toEqual([]);
  arrive([5, 6, 7]);
  expect(selected()).toEqual(["job-5", "job-6"]);
  expect(cursor()).toBe("job-6");
});

test("Escape drops the keys that wait for a page", async () => {
  element("#job-2 a").focus();
  const arrive = requestTable(element("#page-next"));
  await keyboard("x{Escape}");
  arrive([5, 6]);
  expect(selected()).toEqual([]);
});

test("a number moves the cursor by as many jobs, up to the end", async () => {
  element("#job-1 a").focus();
  await keyboard("2j");
  expect(cursor()).toBe("job-3");
  await keyboard("9k");
  expect(cursor()).toBe("job-1");
  await keyboard("{Shift>}G{/Shift}");
  expect(cursor()).toBe("job-4");
  await keyboard("gg");
  expect(cursor()).toBe("job-1");
});

test("the end of a page is reported, and the second press opens the next page", async () => {
  element("#job-4 a").focus();
  const opened = vi.spyOn(element("#page-next"), "click");
  await keyboard("j");
  expect(hint()).toBe("End of page. ] for the next page");
  expect(opened).not.toHaveBeenCalled();
  await keyboard("j");
  expect(opened).toHaveBeenCalledOnce();
});

test("a key held down stops at the end of a page", () => {
  element("#job-4 a").focus();
  const opened = vi.spyOn(element("#page-next"), "click");
  for (const repeat of [false, true, true])
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "j", repeat, bubbles: true }));
  expect(opened).not.toHaveBeenCalled();
  expect(cursor()).toBe("job-4");
});

test("selecting row by row does not unselect the last one", async () => {
  element("#job-3 a").focus();
  await keyboard("xjxjx");
  expect(selected()).toEqual(["job-3", "job-4"]);
  await keyboard("kjx");
  expect(selected()).toEqual(["job-3"]);
});

test("without another page, the ends of the list are reported", async () => {
  element("#job-1 a").focus();
  await keyboard("k");
  expect(hint()).toBe("Start of the list");
  await keyboard("[[");
  expect(hint()).toBe("This is the first page.");
  element("#page-next").remove();
  await keyboard("]");
  expect(hint()).toBe("This is the last page.");
});

test("another list drops the selection, and another page of it does not", async () => {
  const table = element("#job-table");
  table.dataset["list"] = "?q=a";
  swap([1, 2, 3]);
  element("#job-1 a").focus();
  await keyboard("x");
  swap([4, 5], element("#page-next"));
  expect(bar().hidden).toBe(false);
  table.dataset["list"] = "?q=b";
  swap([1, 2]);
  expect(bar().hidden).toBe(true);
  expect(hint()).toBe("Selection cleared: 1 job");
  expect(cursor()).toBe("job-1");
});

test("a change of jobs on other pages asks first and names them", async () => {
  element("#job-1 a").focus();
  await keyboard("xjx");
  swap([2, 7]);
  await keyboard("f");
  const dialog = element("dialog.ask-first");
  expect(calls).toEqual([]);
  expect(dialog.querySelector("h2")?.textContent).toBe("Set 2 jobs to Failed?");
  expect([...dialog.querySelectorAll("bdi")].map(({ textContent }) => textContent)).toEqual(["Job 1"]);
  expect(document.activeElement).toBe(dialog.querySelector("button[value=cancel]"));
  element("dialog.ask-first button[value=cancel]").click();
  expect(calls).toEqual([]);
  await keyboard("f");
  element("dialog.ask-first [data-confirm]").click();
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(nth(calls, 0).url).toBe("/api/jobs/1/"); // which status it has now
  nth(calls, 0).fail(new TypeError("Failed to fetch"));
  await waitFor(() => expect(calls).toHaveLength(2));
  expect(nth(calls, 1).method).toBe("PATCH");
  nth(calls, 1).fail(new TypeError("Failed to fetch"));
  await waitFor(() => expect(toast()).toContain("Couldn’t confirm"));
});

test("jobs deleted by others are neither selected nor counted", async () => {
  element("#job-1 a").focus();
  await keyboard("xjx");
  element("#job-1").setAttribute("data-gone", "");
  emit("jobs:updated", { ids: ["1"] });
  expect(bar().textContent).toContain("1 selected");
  element("#job-1 a").focus();
  await keyboard("x");
  expect(bar().textContent).toContain("1 selected");
  expect(hint()).toBe("This job was deleted.");
  await keyboard("{Escape}{Shift>}D{/Shift}");
  expect(hint()).toBe("This job was deleted.");
});

test("a page that never arrives does not move the cursor later", async () => {
  element("#job-2 a").focus();
  await keyboard("]");
  swap([9, 1, 2, 3, 4]);
  expect(cursor()).toBe("job-2");
});

test("a search made while a link's list is loading waits for it, and keeps its text", async () => {
  const form = element("#job-search") as HTMLFormElement;
  const field = element("#search") as HTMLInputElement;
  const submitted = vi.fn();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submitted(field.value);
  });
  const ctx = { sourceElement: form, target: element("#job-table"), request: { headers: {} } };
  const search = () =>
    fire("htmx:config:request", { ctx } as unknown as Parameters<typeof fire<"htmx:config:request">>[1]);
  expect(search()).toBe(true);
  const arrive = requestTable(element("#page-next"));
  field.value = "turb";
  expect(search()).toBe(false);
  field.value = "turbine";
  expect(search()).toBe(false);
  await keyboard("x");
  field.value = "";
  arrive([5, 6]);
  expect(submitted.mock.calls).toEqual([["turbine"]]);
});
