import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { emit } from "../events";
import { element, fire, PAGE, request } from "../testing/page";
import { wireBanner } from "./banner";
import { wireFailures } from "./failures";
import { wireIslandFailures } from "./island-failures";
import { wireOffline } from "./offline";

const retryRequest = vi.fn();
const banner = () => element("#banner");
const text = () => element("#banner p").textContent;
const retryButton = () => element("#banner button:not([aria-label])");

beforeAll(() => {
  wireBanner();
  wireFailures(retryRequest);
  wireIslandFailures();
  wireOffline();
});

beforeEach(() => {
  vi.useFakeTimers();
  retryRequest.mockClear();
  document.body.innerHTML = PAGE;
  element("#banner [aria-label]").click(); // what an earlier test has left
});

test.each([
  ["no response", undefined, new TypeError("Failed to fetch"), "the server did not respond"],
  ["a timeout", undefined, "timeout", "the server took too long"],
  ["a response that breaks the page", 200, new Error("Unknown swap style"), "the response could not be displayed"],
])("%s is explained", (_, status, error, reason) => {
  fire("htmx:error", { ctx: request(status === undefined ? {} : { status }), error });
  expect(banner().hidden).toBe(false);
  expect(text()).toBe(`Couldn’t refresh the list: ${reason}.`);
});

test("being offline is reported for the whole page, and again after it was dismissed", () => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  dispatchEvent(new Event("offline"));
  for (const _ of [1, 2]) {
    fire("htmx:error", { ctx: request(), error: new TypeError("Failed to fetch") });
    expect(text()).toBe("You’re offline. This page may be out of date.");
    expect(banner().hidden).toBe(false);
    element("#banner [aria-label]").click();
    expect(banner().hidden).toBe(true);
  }
});

test("requests that failed offline are all retried when the connection is back", () => {
  const offline = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  const list = request();
  document.body.insertAdjacentHTML("beforeend", '<section id="activity"></section>');
  const chart = request({ target: element("#activity") });
  for (const ctx of [request(), list, chart]) fire("htmx:error", { ctx, error: new TypeError("Failed to fetch") });
  offline.mockReturnValue(true);
  dispatchEvent(new Event("online"));
  expect(retryRequest.mock.calls).toEqual([[list], [chart]]);
  fire("htmx:after:swap", { ctx: request({ status: 200, target: element("#activity") }) });
  fire("htmx:after:swap", { ctx: request({ status: 200 }) });
  expect(banner().hidden).toBe(true);
  dispatchEvent(new Event("online"));
  expect(retryRequest).toHaveBeenCalledTimes(2);
});

test("requests that failed otherwise, were dismissed or succeeded are not retried", () => {
  fire("htmx:response:error", { ctx: request({ status: 403 }) });
  dispatchEvent(new Event("online"));
  fire("htmx:after:swap", { ctx: request({ status: 200 }) });
  const offline = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  fire("htmx:error", { ctx: request(), error: new TypeError("Failed to fetch") });
  element("#banner [aria-label]").click();
  dispatchEvent(new Event("online"));
  fire("htmx:error", { ctx: request(), error: new TypeError("Failed to fetch") });
  offline.mockReturnValue(true);
  fire("htmx:after:swap", { ctx: request({ status: 200 }) });
  dispatchEvent(new Event("online"));
  expect(retryRequest).not.toHaveBeenCalled();
});

test("a list that failed with the server is refreshed once it responds again", () => {
  const list = request({ status: 503 });
  fire("htmx:response:error", { ctx: list });
  emit("server:back", {});
  expect(retryRequest.mock.calls).toEqual([[list]]);
  emit("server:back", {});
  expect(retryRequest).toHaveBeenCalledTimes(1);
  fire("htmx:after:swap", { ctx: request({ status: 200 }) });
  expect(banner().hidden).toBe(true);
});

test("a refresh that failed is repeated, less and less often, until one succeeds", () => {
  const list = request({ status: 500 });
  for (const [delay, calls] of [
    [5_000, 1],
    [10_000, 2],
    [20_000, 3],
  ] as const) {
    fire("htmx:response:error", { ctx: list });
    vi.advanceTimersByTime(delay - 1);
    expect(retryRequest).toHaveBeenCalledTimes(calls - 1);
    vi.advanceTimersByTime(1);
    expect(retryRequest).toHaveBeenCalledTimes(calls);
  }
  fire("htmx:after:swap", { ctx: request({ status: 200 }) });
  vi.advanceTimersByTime(300_000);
  expect(retryRequest).toHaveBeenCalledTimes(3);
});

test.each([["a link"], ["Back"]])("a list that was opened by %s waits for Retry", (how) => {
  const offline = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  const headers = how === "Back" ? { "HX-History-Restore-Request": "true" } : {};
  const ctx = { ...request({ headers }), sourceElement: element("#search") };
  fire("htmx:error", { ctx, error: new TypeError("Failed to fetch") });
  expect(text()).toBe("Couldn’t open the list: there was no connection.");
  offline.mockReturnValue(true);
  dispatchEvent(new Event("online"));
  emit("server:back", {});
  vi.advanceTimersByTime(300_000);
  expect(retryRequest).not.toHaveBeenCalled();
  expect(banner().hidden).toBe(false);
});

test.each([
  [500, "server error (500)"],
  [403, "request refused (403)"],
])("an error response %i is explained", (status, reason) => {
  fire("htmx:response:error", { ctx: request({ status }) });
  expect(text()).toBe(`Couldn’t refresh the list: ${reason}.`);
});

test("the error page states the reason", () => {
  const text = '<main><div data-reason="the database is read-only at the moment"><h1>…</h1></div></main>';
  fire("htmx:response:error", { ctx: request({ status: 503, text }) });
  expect(element("#banner p").textContent).toBe("Couldn’t refresh the list: the database is read-only at the moment.");
});

test("a 400 that is shown in the table needs no banner", () => {
  fire("htmx:response:error", { ctx: request({ status: 400, text: '<section id="job-table">' }) });
  expect(banner().hidden).toBe(true);
});

test("Retry repeats the same request, once, and success hides the banner", () => {
  const ctx = request({ status: 502 });
  fire("htmx:response:error", { ctx });
  retryButton().focus();
  retryButton().click();
  retryButton().click();
  expect(retryRequest.mock.calls).toEqual([[ctx]]);
  fire("htmx:after:swap", { ctx: request({ status: 200 }) });
  expect(banner().hidden).toBe(true);
  expect(document.activeElement).toBe(element("#job-table"));
});

test("a failed retry can be retried", () => {
  const ctx = request({ status: 502 });
  fire("htmx:response:error", { ctx });
  retryButton().click();
  fire("htmx:response:error", { ctx });
  retryButton().click();
  expect(retryRequest).toHaveBeenCalledTimes(2);
});

test("success elsewhere does not hide the list's failure", () => {
  fire("htmx:response:error", { ctx: request({ status: 502 }) });
  fire("htmx:after:swap", { ctx: request({ status: 200, target: element("#search") }) });
  expect(banner().hidden).toBe(false);
});

test("Dismiss hides the banner", () => {
  fire("htmx:response:error", { ctx: request({ status: 502 }) });
  element("#banner [aria-label=Dismiss]").click();
  expect(banner().hidden).toBe(true);
});

test("islands that fail to load are one failure, retried together", () => {
  const retries = [vi.fn(), vi.fn()];
  for (const retry of retries) {
    element("#row-1").dispatchEvent(new CustomEvent("island:failed", { detail: { retry }, bubbles: true }));
  }
  expect(text()).toBe("Controls failed to load. The page is read-only.");
  retryButton().click();
  for (const retry of retries) expect(retry).toHaveBeenCalledTimes(1);
  expect(banner().hidden).toBe(true);
});
