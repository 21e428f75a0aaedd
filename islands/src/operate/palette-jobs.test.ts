/** Jobs in the palette: found by name, by id and by the search language, and opened. */
import { waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { element } from "../testing/page";
import {
  active,
  assigned,
  close,
  freshPalette,
  isOpen,
  lines,
  note,
  page,
  searchesIn,
  spoken,
} from "../testing/palette";
import { type Call, json, makeJob, nth, problem } from "../testing/server";

const { keyboard } = userEvent;
const openList = vi.hoisted(() => vi.fn());
vi.mock("../page/open-list", () => ({ openList }));

const searches = () => searchesIn(calls);
let calls: Call[];

beforeEach(async () => {
  calls = await freshPalette();
});

afterEach(close);

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
