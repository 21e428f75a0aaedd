/** Uses every operation through the client in sdk/, which @hey-api/openapi-ts generated. */
import assert from "node:assert/strict";
import { client } from "./sdk/client.gen.js";
import * as api from "./sdk/index.js";
import { cursorOf, header, lines, MISSING, mark, note, ok, problemOf, proposed, sha256, site, untilReported } from "./steps.js";

client.setConfig({ baseUrl: site });
client.interceptors.response.use((response, request) => {
  note(request, response);
  return response;
});

async function service(): Promise<void> {
  assert(ok(await api.getRoot()).jobs.endsWith("/api/jobs/"));
  assert(ok(await api.getHealth()).feed.behind_seconds >= 0);
  assert(ok(await api.getLiveness()).version);
  assert.equal(ok(await api.getReadiness()).status, "ok");
  assert.equal(ok(await api.getSchema()).openapi, "3.1.0");
}

async function oneJob(): Promise<api.Job> {
  const body: api.NewJob = { name: `${mark} one` };
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const job = ok(await api.createJob({ body, headers }));
  assert.equal(ok(await api.createJob({ body, headers })).id, job.id);

  const path = { job_id: job.id };
  const read = await api.getJob({ path });
  assert.deepEqual(ok(read), job);
  const version = header(read, "ETag");
  const { response } = await api.getJob({ path, headers: { "If-None-Match": version } });
  assert.equal(response?.status, 304);

  const ifMatch = { path, headers: { "If-Match": version } };
  const status: api.JobStatusChange = { status_type: "RUNNING" };
  assert.equal(ok(await api.changeJob({ ...ifMatch, body: status })).current_status, "RUNNING");
  const both: api.JobChange = { name: `${mark} first`, status_type: "FAILED" };
  const conflict = await api.changeJob({ ...ifMatch, body: both });
  assert.equal(problemOf(conflict).code, "precondition_failed");
  const failed = ok(await api.changeJob({ path, body: both }));
  assert.deepEqual([failed.name, failed.current_status], [`${mark} first`, "FAILED"]);

  const undone = ok(await api.undoStatus({ path, body: { updated_at: failed.updated_at } }));
  assert.equal(undone.current_status, "RUNNING");
  const history = ok(await api.listStatuses({ path, query: { page_size: 2 } }));
  assert.deepEqual(
    history.results.map((entry) => entry.status_type),
    ["RUNNING", "FAILED"],
  );
  return undone;
}

async function keyedJob(): Promise<void> {
  const path = { key: mark };
  const body: api.KeyedJob = { name: "keyed", labels: { team: "fluid" } };
  const job = ok(await api.createOrGetJob({ path, body }));
  assert.deepEqual([job.key, job.labels["team"]], [mark, "fluid"]);
  assert.deepEqual(ok(await api.createOrGetJob({ path, body })), job);
  assert.deepEqual(ok(await api.getJobByKey({ path })), job);
  const jobs: api.NewItem[] = [{ name: "bulk", status_type: "FAILED", reason: "Out of memory" }];
  const created = ok(await api.createJobs({ body: { jobs } }));
  assert.deepEqual([created.results[0]?.status, created.results[0]?.job?.current_status], [201, "FAILED"]);
  const change: api.JobLabelsChange = { labels: { team: null, solver: "lbm" } };
  const changed = await api.changeJob({ path: { job_id: job.id }, body: change });
  assert.deepEqual(ok(changed).labels, { solver: "lbm" });
}

async function manyJobs(job: api.Job): Promise<api.Job[]> {
  const texts = [1, 2, 3, 4, 5].map((number) => JSON.stringify({ name: `${mark} ${number}` }));
  const report = ok(await api.importJobs({ body: new Blob([texts.join("\n")]) }));
  assert.deepEqual([report.created, report.skipped], [5, 0]);
  const wrong = problemOf(await api.importJobs({ body: new Blob(["{}"]) }));
  assert.deepEqual([wrong.code, wrong.errors?.[0]?.code], ["invalid_lines", "required"]);

  const jobs: api.Job[] = [];
  let cursor: string | undefined;
  do {
    const query = { q: mark, page_size: 2, ...(cursor ? { cursor } : {}) };
    const page = ok(await api.listJobs({ query }));
    jobs.push(...page.results);
    cursor = cursorOf(page.next);
  } while (cursor);
  assert.deepEqual([jobs.length, jobs.at(-1)?.id], [6, job.id]);

  const [first, second] = jobs;
  assert(first && second);
  const changes: api.Change[] = [
    { id: first.id, status_type: "COMPLETED", updated_at: first.updated_at },
    { id: second.id, name: `${mark} second` },
    { id: MISSING, status_type: "RUNNING" },
  ];
  const { results } = ok(await api.changeJobs({ body: { jobs: changes } }));
  assert.equal(results[0]?.job?.current_status, "COMPLETED");
  assert.equal(results[1]?.job?.name, `${mark} second`);
  assert.equal(results[2]?.problem?.code, "job_not_found");
  const completed = results[0]?.job;
  assert(completed);
  const undos: api.UndoItem[] = [{ id: first.id, updated_at: completed.updated_at, changed_at: completed.updated_at }];
  const [undone] = ok(await api.undoStatuses({ body: { jobs: undos } })).results;
  assert.equal(undone?.job?.current_status, "PENDING");
  ok(await api.changeJobs({ body: { jobs: [{ id: first.id, status_type: "COMPLETED" }] } }));
  const counts = ok(await api.getCounts());
  assert(counts.by_status.COMPLETED >= 1 && counts.total >= jobs.length);
  return jobs;
}

async function files(expected: number): Promise<void> {
  const whole = await api.exportJobs({ query: { q: mark, ordering: "name" }, parseAs: "text" });
  assert.equal(lines<api.Job>(ok(whole)).length, expected);
  const path = { export_id: header(whole, "Export-Id") };
  const receipt = ok(await api.getExportReceipt({ path }));
  assert.deepEqual([receipt.jobs, receipt.sha256], [expected, await sha256(ok(whole))]);
}

async function audit(): Promise<void> {
  const query = { kind: "operation_started" } as const;
  const { results } = ok(await api.listAudit({ query: { ...query, page_size: 1 } }));
  const whole = await api.exportAudit({ query, parseAs: "text" });
  assert.deepEqual(lines<api.AuditEntry>(ok(whole))[0], results[0]);
}

async function changesSince(begin: string, jobs: api.Job[]): Promise<void> {
  const ids = jobs.map((job) => job.id);
  await untilReported(ids, begin, async (after) => {
    const query = { after, wait: 5, limit: 1000 };
    const answer = await api.listEvents({ query, parseAs: "text" });
    const events = lines<api.Event>(ok(answer));
    const reported = events.filter((event) => event.type === "job.deleted").map((event) => event.job_id);
    return { reported, cursor: header(answer, "Feed-Cursor") };
  });
}

async function views(): Promise<void> {
  const body: api.NewView = { name: mark.slice(0, 60), status: ["FAILED"], q: "wing" };
  const view = ok(await api.createView({ body }));
  const path = { view_id: view.id };
  assert.deepEqual(ok(await api.getView({ path })), view);
  const changed = ok(await api.changeView({ path, body: { q: "wing -draft" } }));
  assert.deepEqual([changed.q, changed.status], ["wing -draft", ["FAILED"]]);
  assert(ok(await api.listViews()).results.some(({ id }) => id === view.id));
  assert.equal((await api.deleteView({ path })).response?.status, 204);
}

/** Restores the deleted job, and deletes it for good. */
async function trash(deleted: api.Job): Promise<void> {
  const path = { trashed_id: deleted.id };
  const trashed = ok(await api.getTrashedJob({ path }));
  assert.equal(trashed.name, deleted.name);
  assert(trashed.expires_at > trashed.deleted_at);
  assert.equal(ok(await api.listTrash({ query: { page_size: 1 } })).results.length, 1);
  const [restored, missing] = ok(await api.restoreJobs({ body: { ids: [deleted.id, MISSING] } })).results;
  assert.equal(restored?.job?.created_at, deleted.created_at);
  assert.equal(missing?.problem?.code, "not_in_trash");
  await api.deleteJob({ path: { job_id: deleted.id } });
  assert.equal((await api.discardTrashedJob({ path })).response?.status, 204);
  assert.equal(problemOf(await api.discardTrashedJob({ path })).code, "not_in_trash");
}

async function operations(): Promise<void> {
  const named = { q: `"${mark}"` };
  const query = { preview: "true" as const };
  const found = ok(await api.createOperation({ query, body: { action: "delete", ...named } }));
  assert("estimated_seconds" in found);
  const ended = async (operation_id: number) => {
    for (;;) {
      const operation = ok(await api.getOperation({ path: { operation_id } }));
      if (operation.finished_at) return operation;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const start = async (body: api.NewOperation) => {
    const started = ok(await api.createOperation({ body }));
    assert("state" in started);
    return started;
  };
  const failing = await start({ action: "rename", find: mark, replace: "x".repeat(255), ...named });
  const path = { operation_id: failing.id };
  assert.equal((await ended(failing.id)).failed, found.count);
  assert.equal(ok(await api.listOperationFailures({ path })).results[0]?.code, "max_length");
  await ended(ok(await api.retryOperation({ path })).id);
  const status = await start({ action: "set_status", status_type: "FAILED", ...named });
  assert.equal((await ended(status.id)).state, "completed");
  const undo = { path: { operation_id: status.id }, body: { reason: "a test" } };
  assert.equal((await ended(ok(await api.undoOperation(undo)).id)).undoes, status.id);
  // A worker may be faster.
  for (let code: number | undefined = 409; code === 409; ) {
    const { id } = await start({ action: "label", labels: { team: "fluid" }, ...named });
    code = (await api.cancelOperation({ path: { operation_id: id } })).response?.status;
  }
  assert(ok(await api.listOperations()).results.length > 0);
}

async function proposals(): Promise<void> {
  const change = { action: "label", labels: { team: "fluid" }, q: `"${mark}"` };
  const [wanted, unwanted] = [await proposed(change), await proposed(change)];
  const { id } = ok(await api.approveProposal({ path: { proposal_id: wanted } }));
  const declined = { path: { proposal_id: unwanted }, body: { reason: "a test" } };
  assert.equal(ok(await api.declineProposal(declined)).state, "declined");
  assert.equal(ok(await api.getProposal({ path: { proposal_id: wanted } })).operation_id, id);
  assert(ok(await api.listProposals()).results.length >= 2);
}

/** Never called: the compiler fails if it accepts one of these. */
export async function rejectedByTheTypes(): Promise<void> {
  const path = { job_id: 1 };
  // @ts-expect-error: not an object
  await api.changeJob({ path, body: 42 });
  // @ts-expect-error: an unknown field, and neither of the required ones
  await api.changeJob({ path, body: { statu_type: "RUNNING" } });
  // @ts-expect-error: an unknown status
  await api.changeJob({ path, body: { status_type: "PAUSED" } });
  // @ts-expect-error: no id
  await api.changeJobs({ body: { jobs: [{ status_type: "RUNNING" }] } });
  // @ts-expect-error: an unknown ordering
  await api.listJobs({ query: { ordering: "id" } });
  // @ts-expect-error: NDJSON is a file
  await api.importJobs({ body: [{ name: "Wing" }] });
}

const begin = header(await api.listEvents({ parseAs: "text" }), "Feed-Cursor");
await service();
await views();
const job = await oneJob();
await keyedJob();
const jobs = await manyJobs(job);
await files(jobs.length);
await operations();
await proposals();
await audit();
assert.equal((await api.deleteJob({ path: { job_id: job.id } })).response?.status, 204);
const deleted = ok(await api.deleteJobs({ body: { jobs: jobs.map(({ id }) => ({ id })) } })).results;
assert.deepEqual(
  deleted.map(({ status }) => status),
  jobs.map(({ id }) => (id === job.id ? 404 : 204)),
);
assert.equal(problemOf(await api.deleteJob({ path: { job_id: job.id } })).code, "job_not_found");
await trash(job);
await changesSince(begin, jobs);
