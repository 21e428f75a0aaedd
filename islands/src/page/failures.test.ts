import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { element, fire, PAGE, request } from "../testing/page";
import { wireBanner } from "./banner";
import { wireFailures } from "./failures";
import { wireIslandFailures } from "./island-failures";

const repeat = vi.fn();
const banner = () => element("#banner");
const text = () => element("#banner p").textContent;
const retryButton = () => element("#banner button:not([aria-label])");

beforeAll(() => {
  wireBanner();
  wireFailures(repeat);
  wireIslandFailures();
});

beforeEach(() => {
  repeat.mockClear();
  document.body.innerHTML = PAGE;
});

test.each([
  ["no answer", undefined, new TypeError("Failed to fetch"), "the server did not answer"],
  ["a timeout", undefined, "timeout", "the server took too long"],
  ["an answer that breaks the page", 200, new Error("Unknown swap style"), "the answer could not be shown"],
])("%s is said in words", (_, status, error, reason) => {
  fire("htmx:error", { ctx: request(status === undefined ? {} : { status }), error });
  expect(banner().hidden).toBe(false);
  expect(text()).toBe(`The list could not be refreshed: ${reason}.`);
});

test("being offline is said", () => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  fire("htmx:error", { ctx: request(), error: new TypeError("Failed to fetch") });
  expect(text()).toBe("The list could not be refreshed: you are offline.");
});

test("what failed for want of a connection is tried again when it is back, all of it", () => {
  const offline = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  const list = request();
  document.body.insertAdjacentHTML("beforeend", '<section id="activity"></section>');
  const chart = request({ target: element("#activity") });
  for (const ctx of [request(), list, chart]) fire("htmx:error", { ctx, error: new TypeError("Failed to fetch") });
  offline.mockReturnValue(true);
  dispatchEvent(new Event("online"));
  expect(repeat.mock.calls).toEqual([[list], [chart]]);
  fire("htmx:after:swap", { ctx: request({ status: 200, target: element("#activity") }) });
  expect(text()).toContain("The list could not be refreshed");
  fire("htmx:after:swap", { ctx: request({ status: 200 }) });
  expect(banner().hidden).toBe(true);
  dispatchEvent(new Event("online"));
  expect(repeat).toHaveBeenCalledTimes(2);
});

test("what failed otherwise, was dismissed or is right again is not tried by itself", () => {
  fire("htmx:response:error", { ctx: request({ status: 502 }) });
  dispatchEvent(new Event("online"));
  const offline = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  fire("htmx:error", { ctx: request(), error: new TypeError("Failed to fetch") });
  element("#banner [aria-label]").click();
  dispatchEvent(new Event("online"));
  fire("htmx:error", { ctx: request(), error: new TypeError("Failed to fetch") });
  offline.mockReturnValue(true);
  fire("htmx:after:swap", { ctx: request({ status: 200 }) });
  dispatchEvent(new Event("online"));
  expect(repeat).not.toHaveBeenCalled();
});

test.each([
  [500, "the server failed (500)"],
  [403, "the server refused it (403)"],
])("an error answer %i is said in words", (status, reason) => {
  fire("htmx:response:error", { ctx: request({ status }) });
  expect(text()).toBe(`The list could not be refreshed: ${reason}.`);
});

test("what the error page says of itself is the reason", () => {
  const text = '<main><div data-reason="the database can only be read at present"><h1>…</h1></div></main>';
  fire("htmx:response:error", { ctx: request({ status: 503, text }) });
  expect(element("#banner p").textContent).toBe(
    "The list could not be refreshed: the database can only be read at present.",
  );
});

test("a 400 that shows itself in the table needs no banner", () => {
  fire("htmx:response:error", { ctx: request({ status: 400, text: '<section id="job-table">' }) });
  expect(banner().hidden).toBe(true);
});

test("Retry repeats the same request, once, and success hides the banner", () => {
  const ctx = request({ status: 502 });
  fire("htmx:response:error", { ctx });
  retryButton().focus();
  retryButton().click();
  retryButton().click();
  expect(repeat.mock.calls).toEqual([[ctx]]);
  fire("htmx:after:swap", { ctx: request({ status: 200 }) });
  expect(banner().hidden).toBe(true);
  expect(document.activeElement).toBe(element("#job-table"));
});

test("a retry that fails too can be tried again", () => {
  const ctx = request({ status: 502 });
  fire("htmx:response:error", { ctx });
  retryButton().click();
  fire("htmx:response:error", { ctx });
  retryButton().click();
  expect(repeat).toHaveBeenCalledTimes(2);
});

test("success elsewhere does not hide what is said of the list", () => {
  fire("htmx:response:error", { ctx: request({ status: 502 }) });
  fire("htmx:after:swap", { ctx: request({ status: 200, target: element("#search") }) });
  expect(banner().hidden).toBe(false);
});

test("Dismiss hides the banner", () => {
  fire("htmx:response:error", { ctx: request({ status: 502 }) });
  element("#banner [aria-label=Dismiss]").click();
  expect(banner().hidden).toBe(true);
});

test("islands that cannot load are one failure, tried again together", () => {
  const retries = [vi.fn(), vi.fn()];
  for (const retry of retries) {
    element("#row-1").dispatchEvent(new CustomEvent("island:failed", { detail: { retry }, bubbles: true }));
  }
  expect(text()).toBe("The controls could not be loaded. What you see can still be read.");
  retryButton().click();
  for (const retry of retries) expect(retry).toHaveBeenCalledTimes(1);
  expect(banner().hidden).toBe(true);
});
