import { waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { freshList, startOperating, toast } from "../testing/operating";
import { element } from "../testing/page";
import { type Call, json, nth, problem } from "../testing/server";
import { allCommands } from "./palette-items";
import { paletteViews } from "./palette-views";
import { shownColumns } from "./saved-views";

const lists = vi.hoisted(() => ({ openList: vi.fn(), showList: vi.fn(), refreshList: vi.fn() }));
const { openList, showList, refreshList } = lists;
vi.mock("../page/open-list", () => lists);
const { keyboard, click } = userEvent;
const SEARCH = { status: ["FAILED"], q: "wing", ordering: "name", page_size: 50, columns: [] };
const VERSION = "2026-11-22T10:00:00.000000Z";
const view = (id: number, name: string) => ({ ...SEARCH, id: String(id), name, position: 1, is_default: false });
const dialog = () => element("dialog[open]");
const field = () => element("dialog[open] #asked-name") as HTMLInputElement;
const error = () => element("dialog[open] .field-error");
const clicked: string[] = [];
let calls: Call[];

/** The line of tabs, as the server renders it. */
function bar(names: readonly string[], shown?: string): string {
  const state = shown
    ? `data-view="3" data-name="${shown}" data-version="${VERSION}" data-position="2" data-shared`
    : "";
  const tabs = names.map((name, index) => `<a href="#view-${index}" data-view="${index}"><bdi>${name}</bdi></a>`);
  return `<div id="saved-views" data-columns="name,created_at" ${state}>
    <nav><a href="#all" data-all-jobs>All jobs</a>${tabs.join("")}</nav>
    <button data-view-action="rename">Rename…</button><button data-view-action="right">Move right</button>
    <button data-view-action="default">Make default</button><button data-view-action="delete">Delete…</button>
    <button data-run="update-view">Save changes</button></div>`;
}

function show(names: readonly string[], shown?: string): void {
  element("#job-table").insertAdjacentHTML("afterbegin", bar(names, shown));
  element("#saved-views").setAttribute("data-search", JSON.stringify(SEARCH));
  for (const tab of document.querySelectorAll("#saved-views a"))
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      clicked.push(tab.getAttribute("href") ?? "");
    });
}

startOperating();

beforeEach(() => {
  document.querySelector("dialog[open]")?.remove();
  sessionStorage.clear();
  window.history.replaceState(null, "", "/?status=FAILED&q=wing&cursor=x");
  openList.mockClear();
  showList.mockClear();
  refreshList.mockClear();
  clicked.length = 0;
  calls = freshList();
});

test("v asks for a name and saves what the list shows; what is typed at once is the name", async () => {
  show([]);
  await keyboard("vFailed wings{Enter}");
  expect(nth(calls, 0)).toMatchObject({
    method: "POST",
    url: "/api/views/",
    body: { ...SEARCH, name: "Failed wings", is_default: false },
  });
  expect(nth(calls, 0).headers.get("Idempotency-Key")).toBeTruthy();
  nth(calls, 0).answer(json(201, view(7, "Failed wings")));
  await waitFor(() => expect(openList).toHaveBeenCalledWith("/?status=FAILED&q=wing&view=7"));
  expect(toast()).toContain("Saved view “Failed wings”.");
  expect(document.querySelector("dialog")?.hasAttribute("open")).toBe(false);
});

test("a view can be made the first one as it is saved", async () => {
  show([]);
  await keyboard("vNew");
  await click(element("dialog[open] [type=checkbox]"));
  await keyboard("{Enter}");
  await click(element("dialog[open] [data-confirm]"));
  expect(nth(calls, 0).body).toMatchObject({ is_default: true });
  expect(calls).toHaveLength(1);
});

test.each([
  ["", "Enter a name."],
  ["\u200b", "Enter a name with at least one visible character."],
  ["x".repeat(61), "Use 60 characters or fewer (currently 61)."],
])("the name %j is rejected before anything is sent", async (name, message) => {
  show([]);
  await keyboard("v");
  field().value = name;
  await keyboard("{Enter}");
  expect(error().textContent).toBe(message);
  expect(document.activeElement).toBe(field());
  expect(field().getAttribute("aria-invalid")).toBe("true");
  expect(calls).toEqual([]);
});

test("the dialog says why a view was not saved, and keeps the name", async () => {
  show([]);
  await keyboard("vFailed{Enter}");
  nth(calls, 0).answer(problem(409, "name_taken", "Another view has this name."));
  await waitFor(() => expect(error().textContent).toBe("Another view has this name."));
  expect(field().value).toBe("Failed");
  await keyboard(" 2{Enter}");
  expect(nth(calls, 1).body).toMatchObject({ name: "Failed 2" });
});

test("an invalid search is not saved", async () => {
  show([]);
  element("#saved-views").setAttribute("data-search", "");
  await keyboard("v");
  expect(document.querySelector("dialog[open]")).toBeNull();
  expect(toast()).toContain("Correct it first.");
});

test("Shift v saves changes to the version of the view that is shown", async () => {
  show(["One", "Mine"], "Mine");
  await keyboard("{Shift>}V{/Shift}");
  expect(nth(calls, 0)).toMatchObject({ method: "PATCH", url: "/api/views/3/", body: SEARCH });
  expect(nth(calls, 0).headers.get("If-Match")).toBe(`"${VERSION}"`);
  nth(calls, 0).answer(json(200, view(3, "Mine")));
  await waitFor(() => expect(toast()).toContain("Saved changes to view “Mine”."));
  expect(refreshList).toHaveBeenCalledOnce();
});

test("a change by somebody else is reported, and the tabs are shown as they are now", async () => {
  show(["One", "Mine"], "Mine");
  await keyboard("{Shift>}V{/Shift}");
  nth(calls, 0).answer(problem(412, "precondition_failed", "Not this version."));
  await waitFor(() => expect(toast()).toContain("Couldn’t save view “Mine”. Someone else changed it."));
  expect(refreshList).toHaveBeenCalledOnce();
});

test("renames, moves and makes default", async () => {
  show(["One", "Mine"], "Mine");
  await click(element("[data-view-action=right]"));
  expect(nth(calls, 0).body).toEqual({ position: 3 });
  await click(element("[data-view-action=default]"));
  expect(nth(calls, 1).body).toEqual({ is_default: true });
  await click(element("[data-view-action=rename]"));
  expect(field().value).toBe("Mine");
  await keyboard("Ours{Enter}");
  expect(nth(calls, 2).body).toEqual({ name: "Ours" });
  nth(calls, 2).answer(json(200, view(3, "Ours")));
  await waitFor(() => expect(toast()).toContain("Renamed view “Mine” to “Ours”."));
});

test("asks before a view is deleted; the list stays as it is", async () => {
  show(["One", "Mine"], "Mine");
  window.history.replaceState(null, "", "/?view=3&status=FAILED");
  await click(element("[data-view-action=delete]"));
  expect(dialog().textContent).toContain("Mine will be deleted for everybody.");
  expect(document.activeElement?.textContent).toBe("Cancel");
  await keyboard("{Enter}");
  expect(calls).toEqual([]);
  await click(element("[data-view-action=delete]"));
  await click(element("dialog[open] [data-confirm]"));
  expect(nth(calls, 0)).toMatchObject({ method: "DELETE", url: "/api/views/3/" });
  nth(calls, 0).answer(new Response(null, { status: 204 }));
  await waitFor(() => expect(toast()).toContain("Deleted view “Mine”."));
  expect(showList.mock.calls[0]?.[0]).toBe("/?status=FAILED");
});

test("g and a number open the view in that place", async () => {
  show(["One", "Two"]);
  await keyboard("g2");
  expect(clicked).toEqual(["#view-1"]);
  await keyboard("g3");
  expect(clicked).toHaveLength(1);
  expect(element(".key-hint").textContent).toBe("There is no saved view 3.");
});

test("in a view, g a leads to all jobs outside of it", async () => {
  show(["One", "Mine"], "Mine");
  await keyboard("ga");
  expect(clicked).toEqual(["#all"]);
});

test("the hint after g lists the views by name, and only those that exist", async () => {
  show(["One", "مرحبا \u202e"]);
  await keyboard("g");
  await waitFor(() => expect(document.querySelectorAll(".key-hint li").length).toBeGreaterThan(0));
  const lines = [...document.querySelectorAll(".key-hint li")].map(({ textContent }) => textContent);
  expect(lines).toContain("1 One");
  expect(lines).toContain("2 مرحبا \u202e");
  expect(document.querySelector(".key-hint bdi")?.textContent).toBe("مرحبا \u202e");
  expect(lines.join()).not.toContain("3");
  await keyboard("{Escape}");
});

test("a page without tabs asks for the views", async () => {
  const assign = vi.spyOn(window.location, "assign").mockImplementation(() => undefined);
  document.body.dataset["page"] = "job_detail";
  await keyboard("g1");
  nth(calls, 0).answer(json(200, { count: 1, results: [view(7, "One")] }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/?view=7"));
  document.body.dataset["page"] = "job_list";
});

test("the palette opens views by name, and not the one that is shown", () => {
  show(["One", "<b>Two</b>"]);
  document.querySelectorAll("#saved-views a[data-view]")[0]?.setAttribute("aria-current", "true");
  expect(paletteViews().map(({ label, text, keys }) => [label, text, keys])).toEqual([["Open view", "Two", "g 2"]]);
  expect(allCommands([]).map(({ label }) => label)).toContain("Open view");
});

test("columns are saved unless they are the default ones", () => {
  show([]);
  const box = (name: string, checked: boolean) =>
    `<li data-column="${name}"><input type="checkbox" ${checked ? "checked" : ""}></li>`;
  document.body.insertAdjacentHTML(
    "beforeend",
    `<div id="view-menu"><ul class="columns">${box("name", true)}${box("created_at", true)}</ul></div>`,
  );
  expect(shownColumns()).toEqual([]);
  element("#view-menu .columns").innerHTML = box("created_at", true) + box("name", true) + box("duration", false);
  expect(shownColumns()).toEqual(["created_at", "name"]);
});
