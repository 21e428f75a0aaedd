/** The panel beside the list follows the cursor with few requests, and never shows an older job over a newer one. */
import { waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import htmx from "htmx.org";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { emit } from "../events";
import { freshList, startOperating, swap } from "../testing/operating";
import { element, fire } from "../testing/page";
import { makeJob } from "../testing/server";
import { closePeek } from "./peek-open";

type Detail = Parameters<typeof fire<"htmx:before:swap">>[1];
const { keyboard } = userEvent;
const ajax = vi.fn();
const panel = () => element("#job-peek");
const peeked = () => ajax.mock.calls.map(([, url]) => String(url));

/** Answers a request as htmx does; returns false if the response was not wanted any more. */
function answer(action: string, text = "Running for 5 min"): boolean {
  const target = panel();
  const request = { action, headers: {} };
  const ctx = { target, sourceElement: target, request, response: { status: 200 }, text: "" };
  const detail = { ctx, tasks: [] } as unknown as Detail;
  if (!fire("htmx:before:swap", detail)) return false;
  target.hidden = false;
  target.dataset["job"] = action.split("/")[2] ?? "";
  target.innerHTML = `<p class="summary">${text}</p>`;
  fire("htmx:after:swap", detail);
  fire("htmx:finally:request", detail);
  return true;
}

async function requested(...urls: string[]): Promise<void> {
  await waitFor(() => expect(peeked()).toEqual(urls));
  ajax.mockClear();
}

beforeAll(startOperating);
beforeEach(async () => {
  closePeek();
  freshList();
  document.querySelector("#job-table")?.insertAdjacentHTML("beforebegin", '<div class="list"></div>');
  for (const link of document.querySelectorAll<HTMLAnchorElement>("td.name a"))
    link.href = `/jobs/${link.hash.slice(6)}/`;
  vi.spyOn(htmx, "ajax").mockImplementation(ajax);
  ajax.mockClear();
});

test("Space opens the job of the cursor's row, without taking the focus", async () => {
  element("#job-2 a").focus();
  await keyboard(" ");
  await requested("/jobs/2/peek/");
  expect(document.body.dataset["peek"]).toBeUndefined();
  expect(answer("/jobs/2/peek/")).toBe(true);
  expect(document.body.dataset["peek"]).toBe("");
  expect(document.activeElement).toBe(element("#job-2 a"));
  await waitFor(() => expect(element("#announcer").textContent).toBe("Peek open. Running for 5 min"));
});

test("without jobs it opens nothing", async () => {
  swap([]);
  document.body.focus();
  await keyboard(" ");
  expect(document.body.dataset["peek"]).toBeUndefined();
  expect(ajax).not.toHaveBeenCalled();
});

test("a quick move asks only for the job where it ends", async () => {
  element("#job-1 a").focus();
  await keyboard(" ");
  await requested("/jobs/1/peek/");
  answer("/jobs/1/peek/");
  // as fast as keys can repeat
  for (const id of [2, 3, 4]) element(`#job-${id} a`).focus();
  await waitFor(() => expect(peeked()).toContain("/jobs/4/peek/"));
  expect(peeked().filter((url) => url !== "/jobs/4/peek/").length).toBeLessThan(2);
});

test("an older response does not cover a newer job, and none comes after the panel is closed", async () => {
  element("#job-1 a").focus();
  await keyboard(" ");
  await requested("/jobs/1/peek/");
  element("#job-2 a").focus();
  await requested("/jobs/2/peek/");
  expect(panel().getAttribute("aria-busy")).toBe("true");
  expect(answer("/jobs/1/peek/")).toBe(false);
  expect(answer("/jobs/2/peek/")).toBe(true);
  expect(panel().hasAttribute("aria-busy")).toBe(false);
  await keyboard(" ");
  expect(panel().hidden).toBe(true);
  expect(answer("/jobs/2/peek/")).toBe(false);
});

test("it is fetched again when its job changes, and not for others", async () => {
  element("#job-2 a").focus();
  await keyboard(" ");
  await requested("/jobs/2/peek/");
  answer("/jobs/2/peek/");
  emit("jobs:updated", { ids: ["3"] });
  emit("job:status-changed", { job: makeJob({ id: "4" }), handled: true });
  emit("jobs:updated", { ids: ["2"] });
  await requested("/jobs/2/peek/");
  emit("job:status-changed", { job: makeJob({ id: "2" }), handled: true });
  await requested("/jobs/2/peek/");
});

test("it follows to another page, and hides while the list has no jobs", async () => {
  element("#job-2 a").focus();
  await keyboard(" ");
  await requested("/jobs/2/peek/");
  answer("/jobs/2/peek/");
  swap([]);
  expect(panel().hidden).toBe(true);
  expect(document.body.dataset["peek"]).toBeUndefined();
  swap([2]);
  await waitFor(() => expect(ajax).toHaveBeenCalled());
});

test("→ goes into the panel and ← back; Escape closes it and keeps the selection", async () => {
  element("#job-2 a").focus();
  await keyboard("x{ArrowRight}");
  expect(document.activeElement).toBe(element("#job-2 a"));
  await keyboard(" ");
  await requested("/jobs/2/peek/");
  answer("/jobs/2/peek/");
  await keyboard("{ArrowRight}");
  expect(document.activeElement).toBe(panel());
  await keyboard("{ArrowLeft}");
  expect(document.activeElement).toBe(element("#job-2 a"));
  await keyboard("{ArrowRight}{Escape}");
  expect(panel().hidden).toBe(true);
  expect(document.activeElement).toBe(element("#job-2 a"));
  expect(element(".selection-bar").hidden).toBe(false);
  await keyboard("{Escape}");
  expect(element(".selection-bar").hidden).toBe(true);
});

test("Space keeps its meaning on checkboxes and buttons", async () => {
  element("[data-select='2']").focus();
  await keyboard(" ");
  expect((element("[data-select='2']") as HTMLInputElement).checked).toBe(true);
  element("#job-2 button").focus();
  await keyboard(" ");
  expect(ajax).not.toHaveBeenCalled();
  (element("#delete-dialog") as HTMLDialogElement).close();
});
