import { waitFor } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { html, json, makeJob, nth, problem, stubServer } from "../testing/server";
import { createJob, deleteJob, setStatus } from "./client";
import { ApiError } from "./errors";

async function failureOf(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw new Error(`expected an ApiError, got ${error}`);
}

afterEach(() => vi.restoreAllMocks());

describe("requests", () => {
  test("a creation is sent as JSON and returns the job", async () => {
    const calls = stubServer();
    const created = createJob("Ärger mit 🚀");
    expect(nth(calls, 0)).toMatchObject({ method: "POST", url: "/api/jobs/", body: { name: "Ärger mit 🚀" } });
    expect(nth(calls, 0).headers.get("Content-Type")).toBe("application/json");
    nth(calls, 0).answer(json(201, makeJob()));
    expect(await created).toEqual(makeJob());
  });

  test("a status change is a PATCH of the job", async () => {
    const calls = stubServer();
    const changed = setStatus("12", "RUNNING");
    expect(nth(calls, 0)).toMatchObject({ method: "PATCH", url: "/api/jobs/12/", body: { status_type: "RUNNING" } });
    nth(calls, 0).answer(json(200, makeJob({ current_status: "RUNNING" })));
    expect((await changed).current_status).toBe("RUNNING");
  });

  test("a change says that a page made it", async () => {
    const calls = stubServer();
    void setStatus("12", "RUNNING").catch(() => undefined);
    expect(nth(calls, 0).headers.get("Change-Source")).toBe("page");
  });

  test("a change in a session proves that a page made it", async () => {
    const calls = stubServer();
    void setStatus("12", "RUNNING").catch(() => undefined);
    expect(nth(calls, 0).headers.get("X-CSRFToken")).toBeNull();
    // biome-ignore lint/suspicious/noDocumentCookie: the server sets it so
    document.cookie = "csrftoken=t0ken";
    void setStatus("13", "RUNNING").catch(() => undefined);
    expect(nth(calls, 1).headers.get("X-CSRFToken")).toBe("t0ken");
    // biome-ignore lint/suspicious/noDocumentCookie: as above
    document.cookie = "csrftoken=; max-age=0";
  });

  test("a deletion needs no response body", async () => {
    const calls = stubServer();
    const deleted = deleteJob("12");
    expect(nth(calls, 0)).toMatchObject({ method: "DELETE", url: "/api/jobs/12/", body: undefined });
    nth(calls, 0).answer(new Response(null, { status: 204 }));
    await expect(deleted).resolves.toBeUndefined();
  });
});

describe("failures", () => {
  test("a problem document keeps its code, detail and field errors", async () => {
    const calls = stubServer();
    const failure = failureOf(createJob(""));
    const field = { field: "name", code: "blank", detail: "A name is needed." };
    nth(calls, 0).answer(problem(400, "invalid", "The input is not valid.", [field, "nonsense"] as object[]));
    expect(await failure).toMatchObject({
      status: 400,
      code: "invalid",
      title: "Refused",
      detail: "The input is not valid.",
      errors: [field],
    });
  });

  test("a rejected deletion fails", async () => {
    const calls = stubServer();
    const failure = failureOf(deleteJob("12"));
    nth(calls, 0).answer(problem(404, "not_found", "No such job."));
    expect(await failure).toMatchObject({ status: 404, code: "not_found" });
  });

  test("a missing response is reported", async () => {
    const calls = stubServer();
    const failure = failureOf(deleteJob("1"));
    nth(calls, 0).fail(new TypeError("Failed to fetch"));
    await waitFor(() => nth(calls, 1).fail(new TypeError("Failed to fetch")));
    expect(await failure).toMatchObject({
      status: 0,
      code: "network",
      detail: "The server did not respond. The change may have been made. Retrying is safe: it is never made twice.",
    });
  });

  test("being offline is reported", async () => {
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    const calls = stubServer();
    const failure = failureOf(deleteJob("7"));
    nth(calls, 0).fail(new TypeError("Failed to fetch"));
    expect((await failure).detail).toBe("You’re offline.");
  });

  test("a request that takes too long is aborted", async () => {
    const soon = AbortSignal.timeout(1);
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(soon);
    stubServer();
    const failure = await failureOf(setStatus("1", "FAILED"));
    expect(timeout).toHaveBeenNthCalledWith(1, 15_000);
    expect(failure.code).toBe("timeout");
    expect(failure.detail).toContain("within 15 seconds");
  });

  test.each([
    ["an HTML error page", html(502), "The server failed (502)."],
    ["an HTML success page", html(200), "The server sent an unexpected response (200)."],
    ["JSON that is not a job", json(200, { ok: true }), "The server sent an unexpected response (200)."],
    [
      "an unknown status",
      json(200, { id: 1, current_status: "LOST" }),
      "The server sent an unexpected response (200).",
    ],
    ["an error that is not a problem document", json(500, ["oops"]), "The server failed (500)."],
  ])("%s is an unexpected response", async (_, response, detail) => {
    const calls = stubServer();
    const failure = failureOf(setStatus("1", "FAILED"));
    nth(calls, 0).answer(response);
    await waitFor(() => nth(calls, 1).answer(html(502)));
    expect(await failure).toMatchObject({
      code: "unexpected_response",
      detail: `${detail} The change may have been made. Retrying is safe: it is never made twice.`,
    });
  });
});
