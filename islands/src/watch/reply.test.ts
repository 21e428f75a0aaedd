/** What follows from the server's answers: each end of a job is told once, in whichever tab. */
import { beforeEach, expect, test } from "vitest";
import { local } from "../storage";
import { apply, parseReply, type Reply, watchUrl } from "./reply";
import { readWatched, STORAGE_KEY, type Watched, type WatchedJob, writeWatched } from "./store";

const EARLY = "2026-11-22T10:00:00.000000Z";
const LATE = "2026-11-22T11:00:00.000000Z";
const job = (id: string, version = EARLY): WatchedJob => ({ id, name: `Job ${id}`, version });
const end = (id: string, status = "FAILED", updated_at = LATE) => ({ id, name: `Job ${id}`, status, updated_at });
const reply = (part: Partial<Reply> = {}): Reply => ({ cursor: "c2", more: false, jobs: [], views: [], ...part });

function watching(part: Partial<Watched> = {}): Watched {
  writeWatched({ jobs: [job("1"), job("2")], views: [], cursor: "c1", unseen: [], ...part });
  return readWatched();
}

beforeEach(() => local.write(STORAGE_KEY, null));

test("a job that has ended is told and no longer watched", () => {
  const told = apply(watching(), reply({ jobs: [end("1", "COMPLETED")] }));
  expect(told).toEqual([{ id: "1", name: "Job 1", status: "COMPLETED" }]);
  expect(readWatched()).toEqual({ jobs: [job("2")], views: [], cursor: "c2", unseen: told });
});

test("another tab tells nothing twice", () => {
  const asked = watching();
  expect(apply(asked, reply({ jobs: [end("1")] }))).toHaveLength(1);
  expect(apply(asked, reply({ jobs: [end("1")] }))).toBeUndefined();
});

test("an answer about other jobs is asked for again, so that no end is missed", () => {
  const asked = watching();
  writeWatched({ ...asked, jobs: [...asked.jobs, job("3")] });
  expect(apply(asked, reply({ jobs: [end("1")] }))).toBeUndefined();
  expect(readWatched().cursor).toBe("c1");
});

test("an end from before the job was watched is not told", () => {
  expect(apply(watching(), reply({ jobs: [end("1", "FAILED", EARLY)] }))).toEqual([]);
  expect(readWatched().jobs).toHaveLength(2);
});

test("after a gap in the feed, jobs that have ended since are told, also deleted ones", () => {
  const asked = watching({ jobs: [job("1"), job("2"), job("3"), job("4", "")] });
  const now = [
    end("1"),
    end("2", "FAILED", EARLY),
    { id: "3", name: "", status: "DELETED" },
    // No page of this tab has shown it: it may have ended long ago.
    end("4"),
  ];
  expect(apply(asked, reply({ now }))).toEqual([
    { id: "1", name: "Job 1", status: "FAILED" },
    { id: "3", name: "Job 3", status: "DELETED" },
  ]);
  expect(readWatched().jobs).toEqual([job("2"), job("4", LATE)]);
});

test("a list stays watched; a job in several of them is told once", () => {
  const views = [
    { query: "q=wing", label: "Wing" },
    { query: "", label: "All jobs" },
  ];
  const asked = watching({ jobs: [], views });
  expect(apply(asked, reply({ views: [[end("7")], [end("7"), end("8")]] }))).toEqual([
    { id: "7", name: "Job 7", status: "FAILED", view: "All jobs" },
    { id: "8", name: "Job 8", status: "FAILED", view: "All jobs" },
  ]);
  expect(readWatched().views).toEqual(views);
});

test("nothing is stored when nothing is left to tell", () => {
  watching();
  writeWatched({ jobs: [], views: [], cursor: "c2", unseen: [] });
  expect(local.read(STORAGE_KEY)).toBeNull();
});

test("stored values that are not ours are ignored", () => {
  const jobs = [{ id: "x", name: "a", version: "" }, { id: "1" }, null, job("5")];
  local.writeJson(STORAGE_KEY, { jobs, views: [{ query: 1 }, "x"], cursor: 7, unseen: [{}] });
  expect(readWatched()).toEqual({ jobs: [job("5")], views: [], cursor: "", unseen: [] });
  for (const text of ["null", "[]", "3", "{"]) {
    local.write(STORAGE_KEY, text);
    expect(readWatched().jobs).toEqual([]);
  }
});

test("one request asks for everything", () => {
  const url = watchUrl(watching({ views: [{ query: "q=a&status=FAILED", label: "" }] }));
  expect(url).toBe("/watch/?after=c1&ids=1%2C2&view=q%3Da%26status%3DFAILED");
});

test("the page of a proxy is not an answer", () => {
  for (const value of [null, "x", {}, { cursor: "c" }, { cursor: 1, jobs: [], views: [] }])
    expect(parseReply(value)).toBeUndefined();
  expect(parseReply({ cursor: "c", jobs: [{ id: 1 }, end("2")], views: [[end("3")], null] })).toEqual(
    reply({ cursor: "c", jobs: [end("2")], views: [[end("3")], []] }),
  );
});
