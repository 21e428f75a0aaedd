import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { element, fire, PAGE, request } from "../testing/page";
import { wireHalfTyped } from "./half-typed";
import type { HtmxRequestCtx } from "./htmx-events";

const DOUBT = '"f" is not a valid status.';
const REFUSED = `<section id="job-table" data-doubted='${DOUBT}'></section>`;
const field = () => element("#search") as HTMLInputElement;
const line = () => element("#search-doubt");
const announced = () => element("#announcer").textContent;
const submit = vi.fn();

function type(): void {
  field().focus();
  field().dispatchEvent(new Event("input", { bubbles: true }));
}

/** Whether the response replaces the list. */
function respond(sourceEvent: Event | null, { status = 400, text = REFUSED } = {}): boolean {
  const ctx = { ...request({ status, text }), sourceEvent } as HtmxRequestCtx;
  return fire("htmx:before:swap", { ctx, tasks: [] });
}

beforeAll(() => {
  wireHalfTyped();
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
});
beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = PAGE;
  field().insertAdjacentHTML("afterend", '<p id="search-doubt" hidden></p>');
  field().form?.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  submit.mockClear();
});
afterEach(() => {
  respond(null, { status: 200, text: "" });
  vi.useRealTimers();
});

test("half a filter keeps the list, and says below the field what is wrong", () => {
  type();
  expect(respond(new Event("input"))).toBe(false);
  expect(line().hidden).toBe(false);
  expect(line().textContent).toBe(DOUBT);
});

test("it is announced only after two seconds without typing", () => {
  type();
  vi.advanceTimersByTime(300);
  respond(new Event("input"));
  vi.advanceTimersByTime(1500);
  expect(announced()).toBe("");
  type();
  vi.advanceTimersByTime(1900);
  respond(new Event("input"));
  expect(announced()).toBe("");
  vi.advanceTimersByTime(300);
  expect(announced()).toBe(DOUBT);
});

test("a filter that is completed takes the line away", () => {
  type();
  respond(new Event("input"));
  expect(respond(new Event("input"), { status: 200, text: '<section id="job-table"></section>' })).toBe(true);
  expect(line().hidden).toBe(true);
  vi.advanceTimersByTime(5000);
  expect(announced()).toBe("");
});

test("Enter shows the error in place of the list", () => {
  type();
  expect(respond(new Event("submit"))).toBe(true);
  expect(line().hidden).toBe(true);
});

test("an error in place of the list is replaced by the newest one", () => {
  element("#job-table").insertAdjacentHTML("beforeend", '<div id="search-wrong">older</div>');
  type();
  const newer = `<section id="job-table" data-doubted='${DOUBT}'><div id="search-wrong">newer</div></section>`;
  expect(respond(new Event("input"), { text: newer })).toBe(false);
  expect(element("#search-wrong").textContent).toBe("newer");
  expect(line().hidden).toBe(true);
  vi.advanceTimersByTime(2500);
  expect(announced()).toBe(DOUBT);
  field().blur();
  expect(submit).toHaveBeenCalledOnce();
});

test("a response that comes after the field was left shows the error", () => {
  type();
  field().blur();
  expect(respond(new Event("input"))).toBe(true);
});

test("leaving the field with the keyboard searches again", () => {
  type();
  respond(new Event("input"));
  field().blur();
  expect(submit).toHaveBeenCalledOnce();
});

test("after a submit, leaving the field sends no second search", () => {
  type();
  respond(new Event("input"));
  field().form?.requestSubmit();
  expect(submit).toHaveBeenCalledOnce();
  field().blur();
  expect(submit).toHaveBeenCalledOnce();
  expect(line().hidden).toBe(true);
});

test("leaving a field without an error does not", () => {
  type();
  field().blur();
  expect(submit).not.toHaveBeenCalled();
});

function click(target: HTMLElement): void {
  target.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  field().blur();
  expect(submit).not.toHaveBeenCalled();
  target.dispatchEvent(new Event("pointerup", { bubbles: true }));
  const follow = (event: Event) => event.preventDefault();
  document.addEventListener("click", follow, { once: true });
  target.click();
  vi.advanceTimersByTime(1);
}

test("leaving it with the pointer waits for the click", () => {
  type();
  respond(new Event("input"));
  click(element("#job-table"));
  expect(submit).toHaveBeenCalledOnce();
});

test("a click on a link leads elsewhere", () => {
  type();
  respond(new Event("input"));
  click(element("#row-1 a"));
  expect(submit).not.toHaveBeenCalled();
});
