import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LATE, list, said } from "../testing/live-list";
import { element } from "../testing/page";
import { nth, stubServer } from "../testing/server";
import { readAnswer } from "./answer";
import { Poller } from "./poller";
import { applyRows } from "./rows";

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
  const apply = vi.fn((text: string) => applyRows(readAnswer(text)).changed.length > 0);
  const poller = new Poller(apply, show);
  poller.begin();
  const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const answer = async (response: Response, index = calls.length - 1) => {
    nth(calls, index).answer(response);
    await wait(0);
  };
  return { calls, show, apply, poller, wait, answer };
}

test("asks for what is shown, and then with what the server said of the rest", async () => {
  const { calls, apply, wait, answer } = setup();
  await wait(3000);
  expect(nth(calls, 0).headers.get("If-None-Match")).toBe('"0001000001;"');
  await answer(new Response(said([{ id: 1, status: "RUNNING", updated: LATE }]), { headers: { ETag: '"x;1,2;37"' } }));
  expect(apply).toHaveBeenCalledOnce();
  await wait(3000);
  expect(nth(calls, 1).headers.get("If-None-Match")).toBe('"0702000002;1,2;37"');
});

test("never asks twice at a time, and not at all while there is nothing to ask for", async () => {
  const { calls, poller, wait, answer } = setup();
  await wait(3000);
  poller.soon();
  poller.retry();
  poller.touched();
  await wait(10_000);
  expect(calls).toHaveLength(1);
  await answer(notModified());
  document.body.innerHTML = "";
  await wait(600_000);
  expect(calls).toHaveLength(1);
});

test("another list on the screen voids what was asked about the one before", async () => {
  const { calls, apply, poller, wait, answer } = setup();
  await wait(3000);
  poller.begin();
  await answer(new Response(said([{ id: 1, updated: LATE }])));
  expect(apply).not.toHaveBeenCalled();
  await wait(3000);
  expect(calls).toHaveLength(2);
});

test("keeps the distance the server asks for", async () => {
  const { calls, wait, answer } = setup();
  await wait(3000);
  await answer(notModified({ "Poll-After": "12.5" }));
  await wait(12_400);
  expect(calls).toHaveLength(1);
  await wait(200);
  expect(calls).toHaveLength(2);
});

test("three failures in a row are said, it goes on trying, and an answer brings it back", async () => {
  vi.spyOn(console, "info").mockReturnValue();
  const { calls, show, wait, answer } = setup();
  for (const delay of [3000, 6000, 12_000]) {
    expect(show).not.toHaveBeenCalledWith("failing");
    await wait(delay);
    await answer(new Response("down", { status: 503 }));
  }
  expect(show).toHaveBeenLastCalledWith("failing");
  await wait(24_000);
  expect(calls).toHaveLength(4);
  await answer(notModified());
  expect(show).toHaveBeenLastCalledWith("live");
});

test("a lost connection is said before anything has failed, and an answer brings it back", async () => {
  const { calls, show, poller, wait, answer } = setup();
  poller.lost();
  expect(show).toHaveBeenLastCalledWith("failing");
  poller.retry();
  await wait(0);
  expect(calls).toHaveLength(1);
  await answer(notModified());
  expect(show).toHaveBeenLastCalledWith("live");
});

test("what was asked before the connection was lost does not say that it is back", async () => {
  const { calls, show, poller, wait, answer } = setup();
  await wait(3000);
  expect(calls).toHaveLength(1);
  poller.lost();
  await answer(notModified());
  expect(show).toHaveBeenLastCalledWith("failing");
  await wait(24_000);
  expect(calls).toHaveLength(2);
});

test("a list that came after failures is followed at once", async () => {
  const { calls, poller, wait } = setup();
  poller.lost();
  poller.begin();
  await wait(500);
  expect(calls).toHaveLength(1);
});

test("an answer that is something else is a failure too", async () => {
  const { show, wait, answer } = setup();
  await wait(3000);
  await answer(new Response("<p>a proxy's page</p>"));
  expect(show).toHaveBeenLastCalledWith("live");
  await wait(5000);
  expect(show).toHaveBeenCalledOnce();
});

test("paused it asks nothing, whatever happens; resumed it asks at once", async () => {
  const { calls, show, poller, wait } = setup();
  poller.paused = true;
  expect(show).toHaveBeenLastCalledWith("paused");
  poller.begin();
  poller.soon();
  poller.hidden(true);
  poller.hidden(false);
  await wait(600_000);
  expect(calls).toHaveLength(0);
  poller.paused = false;
  await wait(0);
  expect(calls).toHaveLength(1);
});

test("hidden it is slow, looked at again it asks soon", async () => {
  const { calls, poller, wait, answer } = setup();
  poller.hidden(true);
  await wait(59_000);
  expect(calls).toHaveLength(0);
  await wait(1000);
  await answer(notModified());
  poller.hidden(false);
  await wait(500);
  expect(calls).toHaveLength(2);
});

test("as many answers as eight calm hours bring leave nothing behind", { timeout: 30_000 }, async () => {
  const { calls, poller, wait, answer } = setup();
  const listen = vi.spyOn(EventTarget.prototype, "addEventListener");
  const nodes = document.querySelectorAll("*").length;
  const shown = element("#job-1 job-status");
  for (let asked = 0; asked < (8 * 3600) / 15; asked++) {
    await wait(3000);
    poller.touched();
    const updated = new Date(Date.parse(LATE) + asked * 1000).toISOString().replace("Z", "000Z");
    const changed = new Response(said([{ id: 1, updated }]), { headers: { ETag: TAG } });
    await answer(asked % 3 === 0 ? changed : notModified());
    calls.length = 0;
  }
  expect(vi.getTimerCount()).toBe(1);
  expect(document.querySelectorAll("*")).toHaveLength(nodes);
  expect(element("#job-1 job-status")).toBe(shown);
  expect(listen.mock.contexts.filter((target) => !(target instanceof AbortSignal))).toEqual([]);
});
