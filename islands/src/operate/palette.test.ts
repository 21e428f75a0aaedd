import { waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { STATUSES } from "../api/statuses";
import { listPage } from "../testing/list";
import { element } from "../testing/page";
import { type Call, json, makeJob, nth, problem, stubServer } from "../testing/server";
import { runCommand } from "./commands";
import { openPalette } from "./palette";
import { clearSelection, select } from "./selection";
import { push, statusItem } from "./undo-stack";
import { clearStack, newEntryKey, updateStack } from "./undo-storage";

const { keyboard } = userEvent;
const openList = vi.hoisted(() => vi.fn());
vi.mock("../page/open-list", () => ({ openList }));

const field = () => element(".palette input") as HTMLInputElement;
const options = () => [...document.querySelectorAll(".palette [role=option]")];
const lines = () => options().map(({ textContent }) => textContent);
const active = () => document.getElementById(field().getAttribute("aria-activedescendant") ?? "")?.textContent;
const note = () => element(".palette .hint").textContent;
const spoken = () => element(".palette [role=status]").textContent;
const groups = () =>
  [...document.querySelectorAll(".palette [role=group]")].map((group) => group.getAttribute("aria-label"));
const isOpen = () => document.querySelector(".palette") !== null;
const page = (...jobs: object[]) => json(200, { count: jobs.length, results: jobs });
const searches = () => calls.filter(({ url }) => url.startsWith("/api/jobs/"));
const assigned = () => vi.spyOn(window.location, "assign").mockImplementation(() => undefined);
let calls: Call[];

function close(): void {
  document.querySelector<HTMLDialogElement>("dialog.palette")?.close();
}

function open(): void {
  close();
  openPalette(runCommand);
  field().focus();
}

beforeEach(() => {
  localStorage.clear();
  window.history.replaceState(null, "", "/");
  document.body.dataset["page"] = "job_list";
  document.body.innerHTML = listPage([1, 2]);
  clearSelection();
  clearStack();
  calls = stubServer();
  open();
});

afterEach(close);

test("lists what can be done on this page, and nothing that cannot", () => {
  expect(lines().join()).toContain("Failed jobs");
  expect(lines().join()).toContain("Next page");
  for (const label of ["Set to", "Delete", "Undo", "Previous page", "Clear selection", "Open job", "Clear recent"])
    expect(lines().join()).not.toContain(label);
  expect(searches()).toEqual([]);
  const job = makeJob({ id: "1", name: "Job 1" });
  updateStack((stack) => push(stack, { kind: "status", key: newEntryKey(), items: [statusItem(job)] }));
  open();
  expect(lines().join()).toContain("Undo the last change");
});

test.each([
  ["activity", "/activity/"],
  ["reference", "/api/docs/"],
  ["message", "/jobs/7/"],
])("on the page “%s” only one leads to the list, and none is for jobs", (name, path) => {
  window.history.replaceState(null, "", path);
  document.body.dataset["page"] = name;
  document.body.innerHTML = "<h1>Another page</h1>";
  open();
  expect(groups()).toEqual(["Go to", "Move", "More"]);
  expect(lines().join()).toContain("Failed jobs");
  expect(lines().includes("Changes")).toBe(name !== "activity");
  expect(lines().includes("API reference")).toBe(name !== "reference");
});

test("with a selection, the commands for it come first, and say how many jobs it has", () => {
  select([{ id: "1", name: "Turbine" }]);
  open();
  expect(groups()[0]).toBe("Turbine");
  expect(lines()[0]).toContain("Set to Pending");
  select([{ id: "2", name: "Two" }]);
  open();
  expect(groups()[0]).toBe("2 jobs selected");
  select([{ id: "9", name: "Elsewhere" }]);
  open();
  expect(groups()[0]).toBe("3 jobs selected, 1 on other pages");
});

test("changes are left out, with the reason, while the database is read-only", async () => {
  select([{ id: "1", name: "Turbine" }]);
  open();
  const health = calls.findLast(({ url }) => url === "/api/health/");
  health?.answer(problem(503, "database_read_only", "The database is read-only."));
  await waitFor(() => expect(lines().join()).not.toContain("Set to"));
  expect(lines().join()).not.toContain("Create job");
  expect(note()).toContain("read-only");
  open();
  expect(lines().join()).not.toContain("Set to");
  calls.findLast(({ url }) => url === "/api/health/")?.answer(json(200, { status: "ok" }));
  await waitFor(() => expect(lines().join()).toContain("Set to"));
});

test("typing filters, keys move the active item around, Enter runs it", async () => {
  await keyboard("go to jobs");
  expect(lines().map((line) => line?.replace(/g .$/, ""))).toEqual([
    "All jobs",
    ...Object.values(STATUSES).map(({ label }) => `${label} jobs`),
    "Watched jobs and lists",
    "Search for go to jobs",
  ]);
  const last = lines().at(-1);
  await keyboard("{ArrowUp}");
  expect(active()).toBe(last);
  await keyboard("{ArrowDown}{ArrowDown}{ArrowUp}{ArrowUp}");
  expect(active()).toBe(last);
  await keyboard("{PageUp}");
  expect(active()).toContain("All jobs");
  await keyboard("{PageDown}");
  expect(active()).toBe(last);
  await keyboard("{Control>}{Home}{/Control}");
  const clicked = vi.fn();
  element("#status-tabs a:nth-child(1)").addEventListener("click", clicked);
  await keyboard("{Enter}");
  expect(clicked).toHaveBeenCalledOnce();
  expect(isOpen()).toBe(false);
});

test("jobs are found by name after a pause, those found before stay meanwhile, and a late answer is ignored", async () => {
  await keyboard("fluid");
  await waitFor(() => expect(searches()).toHaveLength(1));
  expect(nth(searches(), 0).url).toBe("/api/jobs/?search=fluid&page_size=8");
  nth(searches(), 0).answer(page(makeJob({ id: "12" })));
  await waitFor(() => expect(lines()).toEqual(["Fluid Dynamics 12, Pending", "Search for fluid"]));
  await keyboard(" d");
  await waitFor(() => expect(searches()).toHaveLength(2));
  expect(lines()).toEqual(["Fluid Dynamics 12, Pending", "Search for fluid d"]);
  await keyboard("y");
  await waitFor(() => expect(searches()).toHaveLength(3));
  nth(searches(), 1).answer(page(makeJob({ name: "Too late" })));
  nth(searches(), 2).answer(page(makeJob({ id: "13", current_status: "FAILED" })));
  await waitFor(() => expect(lines()).toEqual(["Fluid Dynamics 13, Failed", "Search for fluid dy"]));
  expect(note()).toBe("");
  await waitFor(() => expect(spoken()).toBe("2 results"));
  const assign = assigned();
  await keyboard("{Enter}");
  expect(assign).toHaveBeenCalledWith("/jobs/13/");
});

test("a job keeps the list as the one to return to", async () => {
  document.body.insertAdjacentHTML("beforeend", '<div data-job-query="?from=status%3DFAILED"></div>');
  await keyboard("fluid");
  await waitFor(() => expect(searches()).toHaveLength(1));
  nth(searches(), 0).answer(page(makeJob()));
  await waitFor(() => expect(lines()).toHaveLength(2));
  const assign = assigned();
  await keyboard("{Enter}");
  expect(assign).toHaveBeenCalledWith("/jobs/12/?from=status%3DFAILED");
});

test("the note appears only if the answer takes long", async () => {
  await keyboard("fluid");
  await waitFor(() => expect(searches()).toHaveLength(1));
  expect(note()).toBe("");
  await waitFor(() => expect(note()).toBe("Searching…"));
  await keyboard(" d");
  expect(note()).toBe("Searching…");
  await waitFor(() => expect(searches()).toHaveLength(2));
  nth(searches(), 1).answer(page());
  await waitFor(() => expect(note()).toBe("No jobs match"));
});

test("Enter typed before the jobs are found opens the first one as soon as it is", async () => {
  await keyboard("fluid{Enter}");
  expect(searches()).toHaveLength(1);
  expect(note()).toContain("The first job opens");
  expect(element(".palette [role=listbox]").getAttribute("aria-busy")).toBe("true");
  const assign = assigned();
  nth(searches(), 0).answer(page(makeJob({ id: "12" }), makeJob({ id: "13" })));
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/jobs/12/"));
  expect(isOpen()).toBe(false);
});

test.each([
  ["Escape", "{Escape}"],
  ["more text", "x"],
  ["an arrow key", "{ArrowUp}"],
])("%s cancels the waiting Enter", async (_, keys) => {
  const assign = assigned();
  await keyboard(`fluid{Enter}${keys}`);
  expect(isOpen()).toBe(true);
  expect(element(".palette [role=listbox]").getAttribute("aria-busy")).toBe("false");
  await waitFor(() => expect(searches().length).toBeGreaterThan(keys === "x" ? 1 : 0));
  searches().at(-1)?.answer(page(makeJob()));
  await waitFor(() => expect(lines()[0]).toContain("Fluid Dynamics"));
  expect(assign).not.toHaveBeenCalled();
});

test("a waiting Enter opens nothing if no job matches, and the palette stays", async () => {
  await keyboard("fluid{Enter}");
  nth(searches(), 0).answer(page());
  await waitFor(() => expect(note()).toBe("No jobs match"));
  expect(isOpen()).toBe(true);
  expect(openList).not.toHaveBeenCalled();
  await keyboard("{Enter}");
  expect(openList).toHaveBeenCalledWith("/?q=fluid");
});

test("Enter runs a command that matches without waiting for jobs", async () => {
  const clicked = vi.fn();
  element("#page-next").addEventListener("click", clicked);
  await keyboard("next page{Enter}");
  expect(clicked).toHaveBeenCalledOnce();
  expect(isOpen()).toBe(false);
});

test("a search in the search language is offered first, with the jobs that it finds", async () => {
  await keyboard("status:failed turbine");
  expect(lines()[0]).toBe("Search for status:failed turbine");
  await waitFor(() => expect(searches()).toHaveLength(1));
  expect(nth(searches(), 0).url).toBe("/api/jobs/?q=status%3Afailed+turbine&page_size=8");
  nth(searches(), 0).answer(page(makeJob()));
  await waitFor(() => expect(lines()).toHaveLength(2));
  await keyboard("{Enter}");
  expect(openList).toHaveBeenCalledWith("/?q=status%3Afailed+turbine");
});

test("what is not understood as a search may be a part of a name; else the mistake is shown", async () => {
  const mistake = { field: "q", code: "unknown_status", detail: "“faild” isn’t a status." };
  await keyboard("status:faild");
  await waitFor(() => expect(searches()).toHaveLength(1));
  nth(searches(), 0).answer(problem(400, "validation_error", "Invalid", [mistake]));
  await waitFor(() => expect(searches()).toHaveLength(2));
  expect(nth(searches(), 1).url).toBe("/api/jobs/?search=status%3Afaild&page_size=8");
  nth(searches(), 1).answer(page());
  await waitFor(() => expect(note()).toBe("“faild” isn’t a status."));
});

test("a number finds the job with that id first, then names that contain it", async () => {
  await keyboard("12");
  await waitFor(() => expect(searches()).toHaveLength(2));
  expect(searches().map(({ url }) => url)).toEqual(["/api/jobs/12/", "/api/jobs/?search=12&page_size=8"]);
  nth(searches(), 0).answer(json(200, makeJob({ id: "12", name: "Twelve" })));
  nth(searches(), 1).answer(page(makeJob({ id: "3", name: "Run 12" }), makeJob({ id: "12", name: "Twelve" })));
  await waitFor(() => expect(lines()).toEqual(["Twelve 12, Pending", "Run 12 3, Pending", "Search for 12"]));
});

test("an unknown number has no matches", async () => {
  await keyboard("999");
  await waitFor(() => expect(searches()).toHaveLength(2));
  nth(searches(), 0).answer(problem(404, "not_found", "Nothing here."));
  nth(searches(), 1).answer(page());
  await waitFor(() => expect(note()).toBe("No jobs match"));
  await waitFor(() => expect(spoken()).toBe("No jobs match"));
});

test("a failed search is reported, and the commands stay", async () => {
  await keyboard("failed");
  await waitFor(() => expect(searches()).toHaveLength(1));
  nth(searches(), 0).answer(problem(503, "query_budget", "This took too long."));
  await waitFor(() => expect(note()).toBe("Couldn’t search jobs. This took too long."));
  expect(lines()[0]).toContain("Failed jobs");
});

test("the item that the user moved to stays active when jobs are found", async () => {
  await keyboard("jobs{ArrowDown}");
  const before = active();
  await waitFor(() => expect(searches()).toHaveLength(1));
  nth(searches(), 0).answer(page(makeJob()));
  await waitFor(() => expect(lines().join()).toContain("Fluid Dynamics"));
  expect(active()).toBe(before);
});

test("recent jobs and searches are offered without text, and can be cleared", async () => {
  const stored = { jobs: [{ id: "7", name: "Seven" }], searches: ["status:failed"] };
  localStorage.setItem("job-dashboard:recent", JSON.stringify(stored));
  select([{ id: "1", name: "Turbine" }]);
  open();
  expect(groups().slice(0, 3)).toEqual(["Turbine", "Recent jobs", "Recent searches"]);
  await keyboard("clear recent{Enter}");
  expect(localStorage.getItem("job-dashboard:recent")).toBeNull();
  open();
  expect(groups()).not.toContain("Recent jobs");
  expect(lines().join()).not.toContain("Clear recent");
});

test("the job of the page itself is not among the recent jobs", () => {
  const jobs = ["7", "8"].map((id) => ({ id, name: `Job ${id}` }));
  localStorage.setItem("job-dashboard:recent", JSON.stringify({ jobs, searches: [] }));
  document.body.dataset["page"] = "job_detail";
  document.body.innerHTML = '<div class="head"><job-status data-job-id="7" data-job-name="Job 7"></job-status></div>';
  open();
  const recent = element('.palette [role=group][aria-label="Recent jobs"]');
  expect([...recent.querySelectorAll("[role=option]")].map(({ textContent }) => textContent)).toEqual(["Job 8 8"]);
});

test("a recent search is one key away while its text is typed", async () => {
  localStorage.setItem("job-dashboard:recent", JSON.stringify({ jobs: [], searches: ["status:failed turbine"] }));
  await keyboard("turb");
  expect(lines()).toEqual(["status:failed turbine", "Search for turb"]);
});

test("the palette’s own shortcut closes it, on another alphabet too", async () => {
  field().dispatchEvent(
    new KeyboardEvent("keydown", { key: "л", code: "KeyK", ctrlKey: true, bubbles: true, cancelable: true }),
  );
  expect(isOpen()).toBe(false);
});

test("an unfinished text of an input method is not searched for", async () => {
  field().value = "よ";
  field().dispatchEvent(new InputEvent("input", { isComposing: true, bubbles: true }));
  expect(lines().join()).toContain("Failed jobs");
  field().value = "翼";
  field().dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
  expect(lines()).toEqual(["Search for 翼"]);
  await waitFor(() => expect(searches()).toHaveLength(1));
});
