/** Uses every operation through openapi-fetch, with the types in schema.ts, which openapi-typescript generated. */
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";
import { cursorOf, header, lines, MISSING, mark, note, ok, problemOf, proposed, sha256, site, untilReported } from "./steps.js";

type Schemas = components["schemas"];
const client = createClient<paths>({ baseUrl: site });
client.use({ onResponse: ({ request, response }) => note(request, response) });

async function service(): Promise<void> {
  const root = ok(await client.GET("/api/"));
  assert(root.jobs.endsWith("/api/jobs/"));
  assert(ok(await client.GET("/api/health/")).feed.behind_seconds >= 0);
  assert(ok(await client.GET("/api/health/live/")).version);
  assert.equal(ok(await client.GET("/api/health/ready/")).status, "ok");
  const document = ok(await client.GET("/api/schema/"));
  assert.deepEqual(document.openapi, "3.1.0");
}

async function oneJob(): Promise<Schemas["Job"]> {
  const body = { name: `${mark} one` };
  const params = { header: { "Idempotency-Key": crypto.randomUUID() } };
  const job = ok(await client.POST("/api/jobs/", { body, params }));
  assert.equal(ok(await client.POST("/api/jobs/", { body, params })).id, job.id);

  const path = { job_id: job.id };
  const read = await client.GET("/api/jobs/{job_id}/", { params: { path } });
  assert.deepEqual(ok(read), job);
  const version = header(read, "ETag");
  const known = { path, header: { "If-None-Match": version } };
  const { response } = await client.GET("/api/jobs/{job_id}/", { params: known });
  assert.equal(response.status, 304);

  const ifMatch = { path, header: { "If-Match": version } };
  const status: Schemas["JobStatusChange"] = { status_type: "RUNNING" };
  const running = ok(await client.PATCH("/api/jobs/{job_id}/", { params: ifMatch, body: status }));
  assert.equal(running.current_status, "RUNNING");
  const both: Schemas["JobChange"] = { name: `${mark} first`, status_type: "FAILED" };
  const conflict = await client.PATCH("/api/jobs/{job_id}/", { params: ifMatch, body: both });
  assert.equal(problemOf(conflict).code, "precondition_failed");
  const failed = ok(await client.PATCH("/api/jobs/{job_id}/", { params: { path }, body: both }));
  assert.deepEqual([failed.name, failed.current_status], [`${mark} first`, "FAILED"]);

  const seen = { updated_at: failed.updated_at };
  const undone = ok(await client.POST("/api/jobs/{job_id}/undo/", { params: { path }, body: seen }));
  assert.equal(undone.current_status, "RUNNING");
  const history = ok(await client.GET("/api/jobs/{job_id}/statuses/", { params: { path, query: { page_size: 2 } } }));
  assert.deepEqual(
    history.results.map((entry) => entry.status_type),
    ["RUNNING", "FAILED"],
  );
  assert.equal(history.results[0]?.undoes, history.results[1]?.id);
  return undone;
}

async function keyedJob(): Promise<void> {
  const params = { path: { key: mark } };
  const body = { name: "keyed", labels: { team: "fluid" } };
  const job = ok(await client.PUT("/api/jobs/by-key/{key}/", { params, body }));
  assert.deepEqual([job.key, job.labels["team"]], [mark, "fluid"]);
  assert.deepEqual(ok(await client.PUT("/api/jobs/by-key/{key}/", { params, body })), job);
  assert.deepEqual(ok(await client.GET("/api/jobs/by-key/{key}/", { params })), job);
  const jobs: Schemas["NewItem"][] = [{ name: "bulk", status_type: "FAILED", reason: "Out of memory" }];
  const created = ok(await client.POST("/api/jobs/bulk/", { body: { jobs } }));
  assert.deepEqual([created.results[0]?.status, created.results[0]?.job?.current_status], [201, "FAILED"]);
  const change: Schemas["JobLabelsChange"] = { labels: { team: null, solver: "lbm" } };
  const changed = await client.PATCH("/api/jobs/{job_id}/", { params: { path: { job_id: job.id } }, body: change });
  assert.deepEqual(ok(changed).labels, { solver: "lbm" });
}

async function manyJobs(job: Schemas["Job"]): Promise<Schemas["Job"][]> {
  const body = [1, 2, 3, 4, 5].map((number) => JSON.stringify({ name: `${mark} ${number}` }));
  const asLines = {
    headers: { "Content-Type": "application/x-ndjson" },
    bodySerializer: (text: string) => text,
  };
  const report = ok(await client.POST("/api/jobs/import/", { ...asLines, body: body.join("\n") }));
  assert.deepEqual([report.created, report.skipped], [5, 0]);
  const wrong = problemOf(await client.POST("/api/jobs/import/", { ...asLines, body: "{}" }));
  assert.deepEqual([wrong.code, wrong.errors?.[0]?.code], ["invalid_lines", "required"]);

  const jobs: Schemas["Job"][] = [];
  let cursor: string | undefined;
  do {
    const query = { q: mark, page_size: 2, ...(cursor ? { cursor } : {}) };
    const page = ok(await client.GET("/api/jobs/", { params: { query } }));
    jobs.push(...page.results);
    cursor = cursorOf(page.next);
  } while (cursor);
  assert.deepEqual([jobs.length, jobs.at(-1)?.id], [6, job.id]);

  const [first, second] = jobs;
  assert(first && second);
  const changes: Schemas["Change"][] = [
    { id: first.id, status_type: "COMPLETED", updated_at: first.updated_at },
    { id: second.id, name: `${mark} second` },
    { id: MISSING, status_type: "RUNNING" },
  ];
  const { results } = ok(await client.PATCH("/api/jobs/", { body: { jobs: changes } }));
  assert.equal(results[0]?.job?.current_status, "COMPLETED");
  assert.equal(results[1]?.job?.name, `${mark} second`);
  assert.equal(results[2]?.problem?.code, "job_not_found");
  const completed = results[0]?.job;
  assert(completed);
  const undos: Schemas["UndoItem"][] = [{ id: first.id, updated_at: completed.updated_at }];
  const [undone] = ok(await client.POST("/api/jobs/undo/", { body: { jobs: undos } })).results;
  assert.equal(undone?.job?.current_status, "PENDING");
  ok(await client.PATCH("/api/jobs/", { body: { jobs: [{ id: first.id, status_type: "COMPLETED" }] } }));
  const counts = ok(await client.GET("/api/jobs/counts/"));
  assert(counts.by_status.COMPLETED >= 1 && counts.total >= jobs.length);
  return jobs;
}

async function files(expected: number): Promise<void> {
  const query = { q: mark, ordering: "name" } as const;
  const whole = await client.GET("/api/jobs/export/", { params: { query }, parseAs: "text" });
  const jobs = lines<Schemas["Job"]>(ok(whole));
  assert.equal(jobs.length, expected);
  const path = { export_id: header(whole, "Export-Id") };
  const receipt = ok(await client.GET("/api/jobs/export/{export_id}/", { params: { path } }));
  assert.deepEqual([receipt.jobs, receipt.sha256], [expected, await sha256(ok(whole))]);
}

async function audit(): Promise<void> {
  const query = { kind: "operation_started" } as const;
  const { results } = ok(await client.GET("/api/audit/", { params: { query: { ...query, page_size: 1 } } }));
  const whole = await client.GET("/api/audit/export/", { params: { query }, parseAs: "text" });
  assert.deepEqual(lines<Schemas["AuditEntry"]>(ok(whole))[0], results[0]);
}

async function changesSince(begin: string, jobs: Schemas["Job"][]): Promise<void> {
  const ids = jobs.map((job) => job.id);
  await untilReported(ids, begin, async (after) => {
    const query = { after, wait: 5, limit: 1000 };
    const answer = await client.GET("/api/events/", { params: { query }, parseAs: "text" });
    const events = lines<Schemas["Event"]>(ok(answer));
    const reported = events.filter((event) => event.type === "job.deleted").map((event) => event.job_id);
    return { reported, cursor: header(answer, "Feed-Cursor") };
  });

  const hears = await client.GET("/api/events/", {
    params: { query: { after: begin } },
    headers: { Accept: "text/event-stream" },
    parseAs: "stream",
  });
  const reader = ok(hears).pipeThrough(new TextDecoderStream()).getReader();
  let received = "";
  while (!received.includes("event: job.created")) {
    const { done, value } = await reader.read();
    assert(!done, received);
    received += value;
  }
  await reader.cancel();
}

async function views(): Promise<void> {
  const body = { name: mark.slice(0, 60), status: ["FAILED" as const], q: "wing" };
  const view = ok(await client.POST("/api/views/", { body }));
  const path = { view_id: view.id };
  assert.deepEqual(ok(await client.GET("/api/views/{view_id}/", { params: { path } })), view);
  const change: Schemas["ViewChange"] = { q: "wing -draft" };
  const changed = ok(await client.PATCH("/api/views/{view_id}/", { params: { path }, body: change }));
  assert.deepEqual([changed.q, changed.status], ["wing -draft", ["FAILED"]]);
  const { results } = ok(await client.GET("/api/views/"));
  assert(results.some(({ id }) => id === view.id));
  const { response } = await client.DELETE("/api/views/{view_id}/", { params: { path } });
  assert.equal(response.status, 204);
}

/** Restores the deleted job, and deletes it for good. */
async function trash(deleted: Schemas["Job"]): Promise<void> {
  const params = { path: { trashed_id: deleted.id } };
  const trashed = ok(await client.GET("/api/trash/{trashed_id}/", { params }));
  assert.equal(trashed.name, deleted.name);
  assert(trashed.expires_at > trashed.deleted_at);
  const page = ok(await client.GET("/api/trash/", { params: { query: { page_size: 1 } } }));
  assert.equal(page.results.length, 1);
  const body = { ids: [deleted.id, MISSING] };
  const [restored, missing] = ok(await client.POST("/api/trash/restore/", { body })).results;
  assert.equal(restored?.job?.created_at, deleted.created_at);
  assert.equal(missing?.problem?.code, "not_in_trash");
  await client.DELETE("/api/jobs/{job_id}/", { params: { path: { job_id: deleted.id } } });
  assert.equal((await client.DELETE("/api/trash/{trashed_id}/", { params })).response.status, 204);
  assert.equal(problemOf(await client.DELETE("/api/trash/{trashed_id}/", { params })).code, "not_in_trash");
}

async function operations(): Promise<void> {
  const named = { q: `"${mark}"` };
  const preview = { params: { query: { preview: "true" as const } }, body: { action: "delete" as const, ...named } };
  const found = ok(await client.POST("/api/operations/", preview));
  assert("estimated_seconds" in found);
  const ended = async (operation_id: number) => {
    for (;;) {
      const operation = ok(await client.GET("/api/operations/{operation_id}/", { params: { path: { operation_id } } }));
      if (operation.finished_at) return operation;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const start = async (body: Schemas["NewOperation"]) => {
    const started = ok(await client.POST("/api/operations/", { body }));
    assert("state" in started);
    return started;
  };
  const failing = await start({ action: "rename", find: mark, replace: "x".repeat(255), ...named });
  const failed = { params: { path: { operation_id: failing.id } } };
  assert.equal((await ended(failing.id)).failed, found.count);
  const failures = ok(await client.GET("/api/operations/{operation_id}/failures/", failed));
  assert.equal(failures.results[0]?.code, "max_length");
  await ended(ok(await client.POST("/api/operations/{operation_id}/retry/", failed)).id);
  const status = await start({ action: "set_status", status_type: "FAILED", ...named });
  assert.equal((await ended(status.id)).state, "completed");
  const done = { params: { path: { operation_id: status.id } }, body: { reason: "a test" } };
  assert.equal((await ended(ok(await client.POST("/api/operations/{operation_id}/undo/", done)).id)).undoes, status.id);
  // A worker may be faster.
  for (let code = 409; code === 409; ) {
    const { id } = await start({ action: "label", labels: { team: "fluid" }, ...named });
    const canceled = await client.POST("/api/operations/{operation_id}/cancel/", { params: { path: { operation_id: id } } });
    code = canceled.response.status;
  }
  assert(ok(await client.GET("/api/operations/")).results.length > 0);
}

async function proposals(): Promise<void> {
  const change = { action: "label", labels: { team: "fluid" }, q: `"${mark}"` };
  const of = async () => ({ path: { proposal_id: await proposed(change) } });
  const [wanted, unwanted] = [await of(), await of()];
  const { id } = ok(await client.POST("/api/proposals/{proposal_id}/approve/", { params: wanted }));
  const declined = { params: unwanted, body: { reason: "a test" } };
  assert.equal(ok(await client.POST("/api/proposals/{proposal_id}/decline/", declined)).state, "declined");
  const found = await client.GET("/api/proposals/{proposal_id}/", { params: wanted });
  assert.equal(ok(found).operation_id, id);
  assert(ok(await client.GET("/api/proposals/")).results.length >= 2);
}

/** Never called: the compiler fails if it accepts one of these. */
export async function rejectedByTheTypes(): Promise<void> {
  const params = { path: { job_id: 1 } };
  // @ts-expect-error: not an object
  await client.PATCH("/api/jobs/{job_id}/", { params, body: 42 });
  // @ts-expect-error: an unknown field, and neither of the required ones
  await client.PATCH("/api/jobs/{job_id}/", { params, body: { statu_type: "RUNNING" } });
  // @ts-expect-error: an unknown status
  await client.PATCH("/api/jobs/{job_id}/", { params, body: { status_type: "PAUSED" } });
  // @ts-expect-error: no id
  await client.PATCH("/api/jobs/", { body: { jobs: [{ status_type: "RUNNING" }] } });
  // @ts-expect-error: an unknown ordering
  await client.GET("/api/jobs/", { params: { query: { ordering: "id" } } });
  // @ts-expect-error: NDJSON is a string
  await client.POST("/api/jobs/import/", { body: [{ name: "Wing" }] });
}

const begin = header(await client.GET("/api/events/", { parseAs: "text" }), "Feed-Cursor");
await service();
await views();
const job = await oneJob();
await keyedJob();
const jobs = await manyJobs(job);
await files(jobs.length);
await operations();
await proposals();
await audit();
const own = { path: { job_id: job.id } };
assert.equal((await client.DELETE("/api/jobs/{job_id}/", { params: own })).response.status, 204);
const all = { jobs: jobs.map(({ id }) => ({ id })) };
const deleted = ok(await client.POST("/api/jobs/delete/", { body: all })).results;
assert.deepEqual(
  deleted.map(({ status }) => status),
  jobs.map(({ id }) => (id === job.id ? 404 : 204)),
);
const gone = await client.DELETE("/api/jobs/{job_id}/", { params: { path: { job_id: job.id } } });
assert.equal(problemOf(gone).code, "job_not_found");
await trash(job);
await changesSince(begin, jobs);
