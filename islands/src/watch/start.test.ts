/** Asking, telling and the badge, with a server and a clock. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onEvent } from "../events";
import { local } from "../storage";
import { startWatching } from "./start";
import { readWatched, STORAGE_KEY, writeWatched } from "./store";
import { lines, title } from "./words";

const job = { id: "1", name: "Wing", version: "2026-11-22T10:00:00.000000Z" };
const failed = { id: "1", name: "Wing", status: "FAILED", updated_at: "2026-11-22T11:00:00.000000Z" };
const tell = vi.fn();
let fetched: string[] = [];
let answers: unknown[] = [];
let isLookedAt = true;

const tick = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const answer = (part: object = {}) => ({ cursor: `c${answers.length}`, more: false, jobs: [], views: [], ...part });

beforeEach(() => {
  vi.useFakeTimers();
  tell.mockClear();
  [fetched, answers, isLookedAt] = [[], [], true];
  document.title = "Jobs";
  vi.spyOn(Math, "random").mockReturnValue(0);
  vi.spyOn(document, "hasFocus").mockImplementation(() => isLookedAt);
  vi.stubGlobal("fetch", (url: string) => {
    fetched.push(url);
    const next = answers.shift() ?? answer();
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(Response.json(next));
  });
});

afterEach(async () => {
  local.write(STORAGE_KEY, null);
  startWatching(tell);
  await tick(200_000);
  vi.useRealTimers();
});

test("asks for nothing if nothing is watched", async () => {
  startWatching(tell);
  await tick(600_000);
  expect(fetched).toEqual([]);
});

test("asks at once, then at intervals, and ends when the last job has ended", async () => {
  writeWatched({ jobs: [job], views: [], cursor: "", unseen: [] });
  answers = [answer(), answer({ cursor: "c9", jobs: [failed] })];
  startWatching(tell);
  await tick(0);
  expect(fetched).toHaveLength(1);
  await tick(9_000);
  expect(fetched).toHaveLength(1);
  await tick(1_500);
  expect(fetched).toHaveLength(2);
  expect(tell).toHaveBeenCalledWith([{ id: "1", name: "Wing", status: "FAILED" }]);
  await tick(600_000);
  expect(fetched).toHaveLength(2);
  expect(local.read(STORAGE_KEY)).toBeNull();
});

test("a random part lengthens the delay, so that browsers do not ask in step", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  writeWatched({ jobs: [job], views: [], cursor: "", unseen: [] });
  startWatching(tell);
  await tick(10_999);
  expect(fetched).toHaveLength(1);
  await tick(1);
  expect(fetched).toHaveLength(2);
});

test("after failures it asks less often, and goes on from the same place", async () => {
  writeWatched({ jobs: [job], views: [], cursor: "c0", unseen: [] });
  answers = [new Error("offline"), new Error("offline"), answer({ cursor: "c1" })];
  startWatching(tell);
  await tick(0);
  await tick(19_000);
  expect(fetched).toHaveLength(1);
  await tick(1_500);
  await tick(38_000);
  expect(fetched).toHaveLength(2);
  dispatchEvent(new Event("online"));
  await tick(0);
  expect(fetched).toEqual(Array(3).fill("/watch/?after=c0&ids=1"));
  expect(readWatched().cursor).toBe("c1");
});

test("a login that has ended is told", async () => {
  const told = vi.fn();
  const stop = onEvent("login:required", told);
  writeWatched({ jobs: [job], views: [], cursor: "c0", unseen: [] });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("You are not logged in.", { status: 401 })));
  startWatching(tell);
  await tick(0);
  expect(told).toHaveBeenCalledOnce();
  expect(readWatched().jobs).toEqual([job]);
  stop();
});

test("the title counts what has not been looked at, whatever else it says", async () => {
  isLookedAt = false;
  writeWatched({ jobs: [job], views: [], cursor: "", unseen: [] });
  answers = [answer({ jobs: [failed] })];
  startWatching(tell);
  await tick(0);
  expect(document.title).toBe("(1) Jobs");
  document.title = "(3 new) Jobs";
  await tick(0);
  expect(document.title).toBe("(1) (3 new) Jobs");
  expect(tell).not.toHaveBeenCalled();
  isLookedAt = true;
  dispatchEvent(new Event("focus"));
  expect(document.title).toBe("(3 new) Jobs");
  expect(tell).toHaveBeenCalledOnce();
});

test("what happened, in words", () => {
  const all = ["FAILED", "FAILED", "COMPLETED", "DELETED", "DELETED", "FAILED", "FAILED"].map((status, at) => ({
    id: `${at}`,
    name: `J${at}`,
    status,
  }));
  expect(title(all.slice(0, 1))).toBe("J0 failed");
  expect(title([{ ...failed, name: "כנף" }])).toBe("\u2068כנף\u2069 failed");
  expect(title(all)).toBe("7 jobs: 1 completed, 4 failed, 2 were deleted");
  expect(lines(all).at(-1)).toBe("and 2 more jobs");
  expect(lines([{ ...failed, view: "Wings" }])).toEqual(["Watched list: Wings"]);
});
