import { waitFor } from "@testing-library/react";
/** After a lost response the same request reuses its key; another request gets a new one. */
import { afterEach, expect, test, vi } from "vitest";
import { type Call, html, json, makeJob, nth, problem, stubServer } from "../testing/server";
import { createJob, deleteJob, setStatus } from "./client";
import { isOutcomeUnknown } from "./errors";

const key = (calls: Call[], index: number) => nth(calls, index).headers.get("Idempotency-Key");
const lost = (call: Call) => call.fail(new TypeError("Failed to fetch"));
const BEFORE = { status: "PENDING", updatedAt: "2026-11-22T09:00:00.000000Z" } as const;

async function failed(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

afterEach(() => vi.restoreAllMocks());

test.each([
  ["no response", lost],
  ["a proxy's page", (call: Call) => call.answer(html(502))],
  ["a truncated response", (call: Call) => call.answer(new Response('{"id":', { status: 201 }))],
  ["an unknown outcome", (call: Call) => call.answer(problem(503, "outcome_unknown", "Look first."))],
])("after %s the same creation reuses its key until a response arrives", async (why, end) => {
  const calls = stubServer();
  const first = failed(createJob(`Wing ${why}`));
  end(nth(calls, 0));
  expect(isOutcomeUnknown(await first)).toBe(true);
  const second = createJob(`Wing ${why}`);
  expect(key(calls, 1)).toBe(key(calls, 0));
  nth(calls, 1).answer(json(201, makeJob()));
  await second;
  void createJob(`Wing ${why}`);
  expect(key(calls, 2)).not.toBe(key(calls, 0));
});

test("a proxy's response does not settle the outcome", async () => {
  const calls = stubServer();
  const first = failed(createJob("Proxied"));
  lost(nth(calls, 0));
  await first;
  const second = failed(createJob("Proxied"));
  nth(calls, 1).answer(html(429));
  expect(await second).toMatchObject({
    isOutcomeUnknown: true,
    detail:
      "The server sent an unexpected response (429)." +
      " An earlier attempt may have succeeded. Retrying is safe: the change is never made twice.",
  });
  const third = createJob("Proxied");
  expect(key(calls, 2)).toBe(key(calls, 0));
  nth(calls, 2).answer(json(201, makeJob()));
  await third;
});

test.each([
  ["offline", false, lost, "You’re offline."],
  ["with the database away", true, (call: Call) => call.answer(problem(503, "database_unavailable", "Gone.")), "Gone."],
])("retried %s, the outcome is still unknown", async (why, onLine, end, detail) => {
  const calls = stubServer();
  const first = failed(createJob(`Open ${why}`));
  lost(nth(calls, 0));
  await first;
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(onLine);
  const second = failed(createJob(`Open ${why}`));
  end(nth(calls, 1));
  const error = await second;
  expect(isOutcomeUnknown(error)).toBe(true);
  expect(error).toMatchObject({ detail: expect.stringContaining(detail) });
  vi.restoreAllMocks();
});

test("a request that was never sent has no unknown outcome", async () => {
  const calls = stubServer();
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  const first = failed(createJob("Unsent"));
  lost(nth(calls, 0));
  expect(await first).toMatchObject({ isOutcomeUnknown: false, detail: "You’re offline." });
});

test("another name is a new request and discards the earlier key", async () => {
  const calls = stubServer();
  for (const [index, name] of ["A", "B", "A"].entries()) {
    const done = failed(createJob(name));
    lost(nth(calls, index));
    await done;
  }
  expect(new Set([0, 1, 2].map((index) => key(calls, index))).size).toBe(3);
});

test("keys are quoted, and unique without TLS too", () => {
  vi.stubGlobal("isSecureContext", false);
  const calls = stubServer();
  void createJob("Quoted");
  expect(key(calls, 0)).toMatch(/^"[0-9a-f]{32}"$/);
});

test("a rejection settles the outcome", async () => {
  const calls = stubServer();
  const refused = failed(createJob("Refused"));
  nth(calls, 0).answer(problem(400, "invalid", "No."));
  expect(isOutcomeUnknown(await refused)).toBe(false);
  void createJob("Refused");
  expect(key(calls, 1)).not.toBe(key(calls, 0));
});

test("nothing is sent while offline", async () => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  const calls = stubServer();
  const failure = failed(createJob("Offline"));
  lost(nth(calls, 0));
  expect(isOutcomeUnknown(await failure)).toBe(false);
});

test("a retry during the first request waits for its response", async () => {
  vi.useFakeTimers();
  const calls = stubServer();
  const job = createJob("Slow");
  nth(calls, 0).answer(problem(409, "request_in_flight", "Under way."));
  await vi.advanceTimersByTimeAsync(600);
  expect(key(calls, 1)).toBe(key(calls, 0));
  nth(calls, 1).answer(json(201, makeJob()));
  vi.useRealTimers();
  expect(await job).toEqual(makeJob());
});

test("after a lost response the job is fetched; a change that was made is a success", async () => {
  const calls = stubServer();
  const changed = setStatus("21", "FAILED", BEFORE);
  lost(nth(calls, 0));
  await waitFor(() => expect(nth(calls, 1)).toMatchObject({ method: "GET", url: "/api/jobs/21/" }));
  const now = makeJob({ id: "21", current_status: "FAILED" });
  nth(calls, 1).answer(json(200, now));
  expect(await changed).toEqual(now);
  void setStatus("21", "FAILED", { status: "FAILED", updatedAt: now.updated_at });
  expect(key(calls, 2)).not.toBe(key(calls, 0));
});

test("a change that was not made keeps its key until the page shows another version", async () => {
  const calls = stubServer();
  const first = failed(setStatus("22", "FAILED", BEFORE));
  lost(nth(calls, 0));
  await waitFor(() => lost(nth(calls, 1)));
  expect(isOutcomeUnknown(await first)).toBe(true);
  const second = failed(setStatus("22", "FAILED", BEFORE));
  expect(key(calls, 2)).toBe(key(calls, 0));
  lost(nth(calls, 2));
  await waitFor(() => lost(nth(calls, 3)));
  await second;
  void setStatus("22", "FAILED", { status: "RUNNING", updatedAt: "2026-11-22T11:00:00.000000Z" });
  expect(key(calls, 4)).not.toBe(key(calls, 0));
});

test("another change of the job discards the earlier key", async () => {
  const calls = stubServer();
  const first = failed(setStatus("23", "FAILED", BEFORE));
  lost(nth(calls, 0));
  await waitFor(() => lost(nth(calls, 1)));
  await first;
  void setStatus("23", "RUNNING", BEFORE);
  void setStatus("23", "FAILED", BEFORE);
  expect(key(calls, 3)).not.toBe(key(calls, 0));
});

test("a deletion without a response succeeded if the job is gone", async () => {
  const calls = stubServer();
  const gone = failed(deleteJob("24"));
  lost(nth(calls, 0));
  await waitFor(() => nth(calls, 1).answer(problem(404, "not_found", "No such job.")));
  expect(await gone).toMatchObject({ status: 404 });
});
