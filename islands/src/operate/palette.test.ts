import { waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { STATUSES } from "../api/statuses";
import { element } from "../testing/page";
import { active, close, field, freshPalette, groups, isOpen, lines, note, open, searchesIn } from "../testing/palette";
import { type Call, json, makeJob, problem } from "../testing/server";
import { select } from "./selection";
import { push, statusItem } from "./undo-stack";
import { newEntryKey, updateStack } from "./undo-storage";

const { keyboard } = userEvent;
const openList = vi.hoisted(() => vi.fn());
vi.mock("../page/open-list", () => ({ openList }));

const searches = () => searchesIn(calls);
let calls: Call[];

beforeEach(async () => {
  calls = await freshPalette();
});

afterEach(close);

test("lists what can be done on this page, and nothing that cannot", async () => {
  expect(lines().join()).toContain("Failed jobs");
  expect(lines().join()).toContain("Next page");
  for (const label of ["Set to", "Delete", "Undo", "Previous page", "Clear selection", "Open job", "Clear recent"])
    expect(lines().join()).not.toContain(label);
  expect(searches()).toEqual([]);
  const job = makeJob({ id: "1", name: "Job 1" });
  updateStack((stack) => push(stack, { kind: "status", key: newEntryKey(), items: [statusItem(job)] }));
  await open();
  expect(lines().join()).toContain("Undo the last change");
});

test.each([
  ["activity", "/activity/"],
  ["reference", "/api/docs/"],
  ["message", "/jobs/7/"],
])("on the page “%s” only one leads to the list, and none is for jobs", async (name, path) => {
  window.history.replaceState(null, "", path);
  document.body.dataset["page"] = name;
  document.body.innerHTML = "<h1>Another page</h1>";
  await open();
  expect(groups()).toEqual(["Go to", "Move", "More"]);
  expect(lines().join()).toContain("Failed jobs");
  expect(lines().includes("Changes")).toBe(name !== "activity");
  expect(lines().includes("API reference")).toBe(name !== "reference");
});

test("with a selection, the commands for it come first, and say how many jobs it has", async () => {
  select([{ id: "1", name: "Turbine" }]);
  await open();
  expect(groups()[0]).toBe("Turbine");
  expect(lines()[0]).toContain("Set to Pending");
  select([{ id: "2", name: "Two" }]);
  await open();
  expect(groups()[0]).toBe("2 jobs selected");
  select([{ id: "9", name: "Elsewhere" }]);
  await open();
  expect(groups()[0]).toBe("3 jobs selected, 1 on other pages");
});

test("changes are left out, with the reason, while the database is read-only", async () => {
  select([{ id: "1", name: "Turbine" }]);
  await open();
  const health = calls.findLast(({ url }) => url === "/api/health/");
  health?.answer(problem(503, "database_read_only", "The database is read-only."));
  await waitFor(() => expect(lines().join()).not.toContain("Set to"));
  expect(lines().join()).not.toContain("Create job");
  expect(note()).toContain("read-only");
  await open();
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

test("recent jobs and searches are offered without text, and can be cleared", async () => {
  const stored = { jobs: [{ id: "7", name: "Seven" }], searches: ["status:failed"] };
  localStorage.setItem("job-dashboard:recent", JSON.stringify(stored));
  select([{ id: "1", name: "Turbine" }]);
  await open();
  expect(groups().slice(0, 3)).toEqual(["Turbine", "Recent jobs", "Recent searches"]);
  await keyboard("clear recent{Enter}");
  expect(localStorage.getItem("job-dashboard:recent")).toBeNull();
  await open();
  expect(groups()).not.toContain("Recent jobs");
  expect(lines().join()).not.toContain("Clear recent");
});

test("the job of the page itself is not among the recent jobs", async () => {
  const jobs = ["7", "8"].map((id) => ({ id, name: `Job ${id}` }));
  localStorage.setItem("job-dashboard:recent", JSON.stringify({ jobs, searches: [] }));
  document.body.dataset["page"] = "job_detail";
  document.body.innerHTML = '<div class="head"><job-status data-job-id="7" data-job-name="Job 7"></job-status></div>';
  await open();
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
