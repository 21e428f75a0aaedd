import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { element } from "../testing/page";
import { wireActivity } from "./activity";

const bar = (minute: number) =>
  `<a id="bar-${minute}" href="/?q=${minute}" tabindex="${minute === 3 ? 0 : -1}" ><title>Bar ${minute}</title><rect /></a>`;
const CHART = `
  <section id="activity"><nav><a id="day" href="/activity/" hx-get="/activity/">Day</a></nav>
    <div class="plot"><span class="peak" data-peak="Peak: 9 per min">Peak: 9 per min</span>
      <svg><path data-status="FAILED" /><path data-status="RUNNING" />${[1, 2, 3].map(bar).join("")}</svg></div>
    <a id="number" href="/?q=2&status=RUNNING">7</a></section>
  <section id="job-table" tabindex="-1"></section>`;

const stale = vi.fn();
// htmx needs a real browser.
const { ajax } = vi.hoisted(() => ({ ajax: vi.fn() }));
vi.mock("htmx.org", () => ({ default: { ajax } }));

beforeAll(() => {
  vi.useFakeTimers();
  wireActivity();
});

beforeEach(() => {
  document.body.innerHTML = CHART;
  element("#activity").addEventListener("activity:stale", stale);
});

afterEach(() => {
  vi.runOnlyPendingTimers();
  vi.clearAllMocks();
  vi.unstubAllGlobals();
});

function changed(): void {
  document.body.dispatchEvent(new CustomEvent("job:status-changed", { bubbles: true }));
}

function click(selector: string, init: MouseEventInit = {}): boolean {
  const event = new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1, ...init });
  return !element(selector).dispatchEvent(event);
}

function press(key: string): void {
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

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

test("a hidden chart is not refreshed", () => {
  element(".plot").remove();
  changed();
  vi.advanceTimersByTime(120_000);
  expect(stale).not.toHaveBeenCalled();
});

test("a bar filters the list by its period, and by the status of the clicked segment", () => {
  document.elementsFromPoint = () => [element("#bar-2"), element("[data-status=RUNNING]")];
  expect(click("#bar-2")).toBe(true);
  expect(ajax).toHaveBeenLastCalledWith("GET", "/?q=2&status=RUNNING", expect.objectContaining({ push: "true" }));
  document.elementsFromPoint = () => [element("#bar-2")];
  click("#bar-2");
  expect(ajax).toHaveBeenLastCalledWith("GET", "/?q=2", expect.anything());
  click("#bar-2", { detail: 0 });
  expect(ajax).toHaveBeenLastCalledWith("GET", "/?q=2", expect.anything());
  click("#number");
  expect(ajax).toHaveBeenLastCalledWith("GET", "/?q=2&status=RUNNING", expect.anything());
});

test("links keep their default action with a modifier, without a table, or if htmx handles them", () => {
  expect(click("#bar-2", { ctrlKey: true })).toBe(false);
  expect(click("#day")).toBe(false);
  element("#job-table").remove();
  expect(click("#bar-2")).toBe(false);
  expect(ajax).not.toHaveBeenCalled();
});

test("arrow keys move between the bars, which are one tab stop", () => {
  element("#bar-3").focus();
  press("ArrowLeft");
  expect(document.activeElement?.id).toBe("bar-2");
  press("Home");
  press("ArrowLeft");
  expect(document.activeElement?.id).toBe("bar-1");
  expect([1, 2, 3].map((n) => element(`#bar-${n}`).getAttribute("tabindex"))).toEqual(["0", "-1", "-1"]);
  press("End");
  expect(document.activeElement?.id).toBe("bar-3");
});

test("the bar under the pointer shows its label", () => {
  element("#bar-1").dispatchEvent(new Event("pointerover", { bubbles: true }));
  expect(element(".peak").textContent).toBe("Bar 1");
  element("#bar-1").dispatchEvent(new Event("pointerout", { bubbles: true }));
  expect(element(".peak").textContent).toBe("Peak: 9 per min");
});
