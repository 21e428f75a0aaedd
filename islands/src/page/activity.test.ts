import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { element, fire, request } from "../testing/page";
import { wireActivity } from "./activity";

const PAGE = `
  <section id="activity" hx-get="/activity/?range=hour&view=line">
    <nav><a id="day" href="/activity/?range=day" hx-get="/activity/?range=day&view=chart">Day</a></nav>
  </section>
  <section id="job-table"><div id="job-panel" hx-get="/"></div></section>`;

const stale = vi.fn();

beforeAll(() => {
  vi.useFakeTimers();
  wireActivity();
});

beforeEach(() => {
  document.body.innerHTML = PAGE;
  element("#activity").addEventListener("activity:stale", stale);
  vi.setSystemTime(Date.now());
});

afterEach(() => {
  vi.runOnlyPendingTimers();
  vi.clearAllMocks();
  vi.restoreAllMocks();
});

function changed(): void {
  document.body.dispatchEvent(new CustomEvent("job:status-changed", { bubbles: true }));
}

function click(init: MouseEventInit = {}): void {
  element("#day").dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...init }));
}

function swapped(url: string): void {
  element("#job-panel").setAttribute("hx-get", url);
  fire("htmx:after:swap", { ctx: request({ status: 200 }) });
}

const url = () => element("#activity").getAttribute("hx-get");
const isBehind = () => element("#activity").hasAttribute("data-behind");

test("a burst of changes in this tab is one refresh", () => {
  changed();
  changed();
  vi.advanceTimersByTime(1_000);
  changed();
  expect(stale).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(stale).toHaveBeenCalledOnce();
});

test("the chart is refreshed every minute while visible", () => {
  changed();
  vi.advanceTimersByTime(2_000);
  stale.mockClear();
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  vi.advanceTimersByTime(300_000);
  expect(stale).not.toHaveBeenCalled();
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(stale).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(45_000);
  expect(stale).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(30_000);
  expect(stale).toHaveBeenCalledTimes(2);
});

test("a chart that a search hides is not refreshed", () => {
  element("#activity").checkVisibility = () => false;
  changed();
  vi.advanceTimersByTime(120_000);
  swapped("/?q=turbine&status=FAILED");
  expect(stale).not.toHaveBeenCalled();
  element("#activity").checkVisibility = () => true;
  swapped("/?status=FAILED");
  expect(stale).toHaveBeenCalledOnce();
});

test("it follows the status tabs, and is hidden until it has", () => {
  swapped("/?ordering=name");
  expect([url(), isBehind()]).toEqual(["/activity/?range=hour&view=line", false]);
  swapped("/?status=FAILED&status=PENDING&cursor=x");
  expect([url(), isBehind()]).toEqual(["/activity/?range=hour&view=line&status=PENDING&status=FAILED", true]);
  expect(stale).toHaveBeenCalledOnce();
  element("#activity").removeAttribute("data-behind"); // a morph
  swapped("/?status=PENDING&status=FAILED");
  expect(stale).toHaveBeenCalledOnce();
  swapped("/?status=PENDING&status=RUNNING&status=COMPLETED&status=FAILED");
  expect([url(), isBehind()]).toEqual(["/activity/?range=hour&view=line", true]);
  element("#job-panel").remove(); // an invalid search
  fire("htmx:after:swap", { ctx: { target: element("#job-table") } as never });
  expect(url()).toBe("/activity/?range=hour&view=line");
});

test("range and view are remembered, unless the link opens elsewhere", () => {
  const written = vi.spyOn(document, "cookie", "set");
  click({ ctrlKey: true });
  expect(written).not.toHaveBeenCalled();
  click();
  expect(written.mock.calls.map(([cookie]) => cookie.split(";")[0])).toEqual(["activity=day", "activity_view=chart"]);
});
