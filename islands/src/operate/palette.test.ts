import { waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { STATUSES } from "../api/statuses";
import { listPage } from "../testing/list";
import { element } from "../testing/page";
import { type Call, json, makeJob, nth, problem, stubServer } from "../testing/server";
import { runCommand } from "./commands";
import { openPalette } from "./palette";
import { clearSelection, select } from "./selection";

const { keyboard } = userEvent;
const field = () => element(".palette input") as HTMLInputElement;
const lines = () => [...document.querySelectorAll(".palette [role=option]")].map(({ textContent }) => textContent);
const active = () => document.getElementById(field().getAttribute("aria-activedescendant") ?? "")?.textContent;
const note = () => element(".palette [role=status]").textContent;
const page = (...jobs: object[]) => json(200, { count: jobs.length, results: jobs });
let calls: Call[];

beforeEach(() => {
  document.body.dataset["page"] = "job_list";
  document.body.innerHTML = listPage([1, 2]);
  clearSelection();
  calls = stubServer();
  openPalette(runCommand);
  field().focus();
});

test("lists the commands for this page, without those that need a job", () => {
  expect(lines().join()).toContain("Failed jobs");
  expect(lines().join()).not.toContain("Set to Failed");
  expect(calls).toEqual([]);
});

test("with a selection, commands apply to it", () => {
  select([{ id: "1", name: "Turbine" }]);
  element(".palette").remove();
  openPalette(runCommand);
  expect(element(".palette [role=group]").getAttribute("aria-label")).toBe("Turbine");
  expect(lines()[0]).toContain("Set to Pending");
});

test("typing filters, arrow keys wrap around, Enter runs", async () => {
  await keyboard("go to jobs");
  expect(lines().map((line) => line?.replace(/g .$/, ""))).toEqual([
    "All jobs",
    ...Object.values(STATUSES).map(({ label }) => `${label} jobs`),
  ]);
  const last = lines().at(-1);
  await keyboard("{ArrowUp}");
  expect(active()).toBe(last);
  await keyboard("{ArrowDown}{ArrowDown}{ArrowUp}{ArrowUp}");
  expect(active()).toBe(last);
  await keyboard("{ArrowDown}");
  const clicked = vi.fn();
  element("#status-tabs a:nth-child(1)").addEventListener("click", clicked);
  await keyboard("{Enter}");
  expect(clicked).toHaveBeenCalledOnce();
  expect(document.querySelector(".palette")).toBeNull();
});

test("jobs are found by name after a pause, and typing aborts an earlier search", async () => {
  await keyboard("fluid");
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(nth(calls, 0).url).toBe("/api/jobs/?search=fluid&page_size=8");
  await keyboard(" d");
  await waitFor(() => expect(calls).toHaveLength(2));
  nth(calls, 0).answer(page(makeJob({ name: "Too late" })));
  nth(calls, 1).answer(page(makeJob({ id: "12", current_status: "FAILED" })));
  await waitFor(() => expect(lines()).toEqual(["Fluid Dynamics 12, Failed"]));
  expect(note()).toBe("");
  const assign = vi.spyOn(window.location, "assign").mockImplementation(() => undefined);
  await keyboard("{Enter}");
  expect(assign).toHaveBeenCalledWith("/jobs/12/");
});

test("a number finds the job with that id first, then names that contain it", async () => {
  await keyboard("12");
  await waitFor(() => expect(calls).toHaveLength(2));
  expect(calls.map(({ url }) => url)).toEqual(["/api/jobs/12/", "/api/jobs/?search=12&page_size=8"]);
  nth(calls, 0).answer(json(200, makeJob({ id: "12", name: "Twelve" })));
  nth(calls, 1).answer(page(makeJob({ id: "3", name: "Run 12" }), makeJob({ id: "12", name: "Twelve" })));
  await waitFor(() => expect(lines()).toEqual(["Twelve 12, Pending", "Run 12 3, Pending"]));
});

test("an unknown number has no matches", async () => {
  await keyboard("999");
  await waitFor(() => expect(calls).toHaveLength(2));
  nth(calls, 0).answer(problem(404, "not_found", "Nothing here."));
  nth(calls, 1).answer(page());
  await waitFor(() => expect(note()).toBe("No matches"));
  expect(field().getAttribute("aria-expanded")).toBe("false");
  await keyboard("{Enter}{ArrowDown}");
  expect(document.querySelector(".palette")).not.toBeNull();
});

test("a failed search is reported, and the commands stay", async () => {
  await keyboard("failed");
  await waitFor(() => expect(calls).toHaveLength(1));
  nth(calls, 0).answer(problem(503, "query_budget", "This took too long."));
  await waitFor(() => expect(note()).toBe("Couldn’t search jobs. This took too long."));
  expect(lines()[0]).toContain("Failed jobs");
});
