import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LATE, list, liveUpdate } from "../testing/live-list";
import { element } from "../testing/page";
import { nth, stubServer } from "../testing/server";
import { Poller } from "./poller";
import { applyRows } from "./rows";
import { parseUpdate } from "./update";

const TAG = '"0001000001";1,1,0,0;0"';

function notModified(headers: Record<string, string> = {}): Response {
  return new Response(null, { status: 304, headers: { ETag: TAG, ...headers } });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  document.body.innerHTML = list([{ id: 1 }]);
});

afterEach(() => vi.useRealTimers());

function setup() {
  const calls = stubServer();
  const show = vi.fn();
  const apply = vi.fn((text: string) => applyRows(parseUpdate(text)).changed.length > 0);
  const poller = new Poller(apply, show);
  poller.reset();
  const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const answer = async (response: Response, index = calls.length - 1) => {
    nth(calls, index).answer(response);
    await wait(0);
  };
  return { calls, show, apply, poller, wait, answer };
}

test("sends the displayed versions, and then the summary tag of the last response", async () => {
  const { calls, apply, wait, answer } = setup();
  await wait(3000);
  expect(nth(calls, 0).headers.get("If-None-Match")).toBe('"0001000001;"');
  await answer(
    new Response(liveUpdate([{ id: 1, status: "RUNNING", updated: LATE }]), { headers: { ETag: '"x;1,2;37"' } }),
  );
  expect(apply).toHaveBeenCalledOnce();
  await wait(3000);
  expect(nth(calls, 1).headers.get("If-None-Match")).toBe('"0702000002;1,2;37"');
});

test("sends one request at a time, and none without a list", async () => {
  const { calls, poller, wait, answer } = setup();
  await wait(3000);
  poller.pollSoon();
  poller.retry();
  poller.recordActivity();
  await wait(10_000);
  expect(calls).toHaveLength(1);
  await answer(notModified());
  document.body.innerHTML = "";
  await wait(600_000);
  expect(calls).toHaveLength(1);
});

test("a new list aborts the request about the old one", async () => {
  const { calls, apply, poller, wait, answer } = setup();
  await wait(3000);
  poller.reset();
  await answer(new Response(liveUpdate([{ id: 1, updated: LATE }])));
  expect(apply).not.toHaveBeenCalled();
  await wait(3000);
  expect(calls).toHaveLength(2);
});

test("respects the delay that the server asks for", async () => {
  const { calls, wait, answer } = setup();
  await wait(3000);
  await answer(notModified({ "Poll-After": "12.5" }));
  await wait(12_400);
  expect(calls).toHaveLength(1);
  await wait(200);
  expect(calls).toHaveLength(2);
});

test("reports a second failure in a row, keeps retrying, and recovers with a response", async () => {
  vi.spyOn(console, "info").mockReturnValue();
  const { calls, show, wait, answer } = setup();
  for (const delay of [3000, 1000]) {
    expect(show).not.toHaveBeenCalledWith("failing");
    await wait(delay);
    await answer(new Response("down", { status: 503 }));
  }
  expect(show).toHaveBeenLastCalledWith("failing");
  await wait(12_000);
  expect(calls).toHaveLength(3);
  await answer(notModified());
  expect(show).toHaveBeenLastCalledWith("live");
});

test("reports at once that the session has ended, and recovers after a login in another tab", async () => {
  const { show, poller, wait, answer } = setup();
  await wait(3000);
  await answer(new Response("You are not logged in.", { status: 401 }));
  expect(show).toHaveBeenLastCalledWith("loggedOut");
  poller.pollSoon();
  await wait(500);
  await answer(notModified());
  expect(show).toHaveBeenLastCalledWith("live");
});

test("reports a response that is late, and recovers when it arrives", async () => {
  const { show, wait, answer } = setup();
  await wait(3000);
  await wait(4900);
  expect(show).not.toHaveBeenCalledWith("failing");
  await wait(200);
  expect(show).toHaveBeenLastCalledWith("failing");
  await answer(notModified());
  expect(show).toHaveBeenLastCalledWith("live");
});

test("reports a lost connection before a request fails, and recovers with a response", async () => {
  const { calls, show, poller, wait, answer } = setup();
  poller.connectionLost();
  expect(show).toHaveBeenLastCalledWith("failing");
  poller.retry();
  await wait(0);
  expect(calls).toHaveLength(1);
  await answer(notModified());
  expect(show).toHaveBeenLastCalledWith("live");
});

test("a request from before the connection was lost does not end the failure", async () => {
  const { calls, show, poller, wait, answer } = setup();
  await wait(3000);
  expect(calls).toHaveLength(1);
  poller.connectionLost();
  await answer(notModified());
  expect(show).toHaveBeenLastCalledWith("failing");
  await wait(24_000);
  expect(calls).toHaveLength(2);
});

test("polls soon for a list fetched after failures", async () => {
  const { calls, poller, wait } = setup();
  poller.connectionLost();
  poller.reset();
  await wait(500);
  expect(calls).toHaveLength(1);
});

test("an unexpected response counts as a failure", async () => {
  const { show, wait, answer } = setup();
  await wait(3000);
  await answer(new Response("<p>a proxy's page</p>"));
  expect(show).toHaveBeenLastCalledWith("live");
  await wait(5000);
  expect(show).toHaveBeenCalledOnce();
});

test("sends nothing while paused, and polls immediately when resumed", async () => {
  const { calls, show, poller, wait } = setup();
  poller.paused = true;
  expect(show).toHaveBeenLastCalledWith("paused");
  poller.reset();
  poller.pollSoon();
  poller.setHidden(true);
  poller.setHidden(false);
  await wait(600_000);
  expect(calls).toHaveLength(0);
  poller.paused = false;
  await wait(0);
  expect(calls).toHaveLength(1);
});

test("polls slowly while hidden, and soon when visible again", async () => {
  const { calls, poller, wait, answer } = setup();
  poller.setHidden(true);
  await wait(59_000);
  expect(calls).toHaveLength(0);
  await wait(1000);
  await answer(notModified());
  poller.setHidden(false);
  await wait(500);
  expect(calls).toHaveLength(2);
});

test("eight idle hours of responses leak nothing", { timeout: 30_000 }, async () => {
  const { calls, poller, wait, answer } = setup();
  const listen = vi.spyOn(EventTarget.prototype, "addEventListener");
  const nodes = document.querySelectorAll("*").length;
  const shown = element("#job-1 job-status");
  for (let asked = 0; asked < (8 * 3600) / 15; asked++) {
    await wait(3000);
    poller.recordActivity();
    const updated = new Date(Date.parse(LATE) + asked * 1000).toISOString().replace("Z", "000Z");
    const changed = new Response(liveUpdate([{ id: 1, updated }]), { headers: { ETag: TAG } });
    await answer(asked % 3 === 0 ? changed : notModified());
    calls.length = 0;
  }
  expect(vi.getTimerCount()).toBe(1);
  expect(document.querySelectorAll("*")).toHaveLength(nodes);
  expect(element("#job-1 job-status")).toBe(shown);
  expect(listen.mock.contexts.filter((target) => !(target instanceof AbortSignal))).toEqual([]);
});
