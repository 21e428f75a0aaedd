import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { element, fire, PAGE, request } from "../testing/page";
import { wireLoading } from "./loading";
import { wireSwaps } from "./swaps";

beforeAll(() => {
  wireSwaps();
  wireLoading();
});

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = PAGE;
  return () => vi.useRealTimers();
});

const swapped = (ctx = request({ status: 200 })) => fire("htmx:before:swap", { ctx, tasks: [] });

describe("which responses are swapped in", () => {
  const table = '<section id="job-table">';
  test.each([
    ["a page", { status: 200 }, true],
    ["invalid filters, explained in the table", { status: 400, text: table }, true],
    ["another bad request", { status: 400, text: "<h1>Bad Request</h1>" }, false],
    ["a search that timed out, explained in the table", { status: 503, text: table }, true],
    ["an unreachable database", { status: 503, text: "<h1>Unavailable</h1>" }, false],
    ["a deleted job, explained in its place", { status: 404, text: table }, true],
    ["a missing page", { status: 404, text: "<h1>Not Found</h1>" }, false],
    ["a failing server", { status: 500, text: table }, false],
    ["a missing page after Back", { status: 404, headers: { "HX-History-Restore-Request": "true" } }, true],
  ])("%s", (_, answer, shown) => {
    expect(swapped(request(answer))).toBe(shown);
  });
});

test("a queued refresh fetches the page that is shown now", () => {
  const ctx = request();
  fire("htmx:before:request", { ctx });
  fire("htmx:finally:request", { ctx });
  expect(ctx.request.action).toBe("/?status=FAILED");
});

test("after a swap the title is updated, and the table is announced once", () => {
  const ctx = request({ status: 200 });
  fire("htmx:after:swap", { ctx });
  element("#job-table").dataset["announce"] = "1 of 1 jobs";
  fire("htmx:after:swap", { ctx });
  expect(document.title).toBe("Failed jobs");
  expect(element("#announcer").textContent).toBe("");
  vi.advanceTimersByTime(150);
  expect(element("#announcer").textContent).toBe("1 of 1 jobs");
});

test("a swap elsewhere announces nothing", () => {
  fire("htmx:after:swap", { ctx: request({ status: 200, target: element("#search") }) });
  vi.advanceTimersByTime(1000);
  expect(element("#announcer").textContent).toBe("");
});

describe("focus", () => {
  test("moves to the table when the focused element is gone", () => {
    const link = element("#row-1 a");
    link.focus();
    swapped();
    link.remove();
    fire("htmx:after:swap", { ctx: request({ status: 200 }) });
    expect(document.activeElement).toBe(element("#job-table"));
  });

  test("returns to an element that was moved", () => {
    const link = element("#row-1 a");
    link.focus();
    swapped();
    link.blur();
    fire("htmx:after:swap", { ctx: request({ status: 200 }) });
    expect(document.activeElement).toBe(link);
  });

  test("stays outside the table", () => {
    element("#search").focus();
    swapped();
    fire("htmx:after:swap", { ctx: request({ status: 200 }) });
    expect(document.activeElement).toBe(element("#search"));
  });
});

describe("the loading indicator", () => {
  const marked = () => element("#job-table").hasAttribute("data-loading");

  test("appears after 200 ms and disappears with the response", () => {
    const ctx = request();
    fire("htmx:before:request", { ctx });
    vi.advanceTimersByTime(199);
    expect(marked()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(marked()).toBe(true);
    fire("htmx:finally:request", { ctx });
    expect(marked()).toBe(false);
  });

  test("does not appear for a quick response", () => {
    const ctx = request();
    fire("htmx:before:request", { ctx });
    fire("htmx:finally:request", { ctx });
    vi.advanceTimersByTime(1000);
    expect(marked()).toBe(false);
  });
});
