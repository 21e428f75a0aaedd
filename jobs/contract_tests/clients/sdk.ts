/** Uses every call through the client that @hey-api/openapi-ts has generated in sdk/. */
import assert from "node:assert/strict";
import { client } from "./sdk/client.gen.js";
import * as api from "./sdk/index.js";
import { cursorOf, good, header, lines, MISSING, mark, note, refused, sha256, site, untilTold } from "./steps.js";

client.setConfig({ baseUrl: site });
client.interceptors.response.use((response, request) => {
  note(request, response);
  return response;
});

async function service(): Promise<void> {
  assert(good(await api.getRoot()).jobs.endsWith("/api/jobs/"));
  assert(good(await api.getHealth()).feed.behind_seconds >= 0);
  assert.equal(good(await api.getSchema()).openapi, "3.1.0");
}

async function oneJob(): Promise<api.Job> {
  const body: api.NewJob = { name: `${mark} one` };
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const job = good(await api.createJob({ body, headers }));
  assert.equal(good(await api.createJob({ body, headers })).id, job.id);

  const path = { job_id: job.id };
  const read = await api.getJob({ path });
  assert.deepEqual(good(read), job);
  const version = header(read, "ETag");
  const { response } = await api.getJob({ path, headers: { "If-None-Match": version } });
  assert.equal(response?.status, 304);

  const meant = { path, headers: { "If-Match": version } };
  const status: api.JobStatusChange = { status_type: "RUNNING" };
  assert.equal(good(await api.changeJob({ ...meant, body: status })).current_status, "RUNNING");
  const both: api.JobChange = { name: `${mark} first`, status_type: "FAILED" };
  const late = await api.changeJob({ ...meant, body: both });
  assert.equal(refused(late).code, "precondition_failed");
  const failed = good(await api.changeJob({ path, body: both }));
  assert.deepEqual([failed.name, failed.current_status], [`${mark} first`, "FAILED"]);

  const undone = good(await api.undoStatus({ path, body: { updated_at: failed.updated_at } }));
  assert.equal(undone.current_status, "RUNNING");
  const history = good(await api.listStatuses({ path, query: { page_size: 2 } }));
  assert.deepEqual(
    history.results.map((entry) => entry.status_type),
    ["RUNNING", "FAILED"],
  );
  return undone;
}

async function manyJobs(job: api.Job): Promise<api.Job[]> {
  const texts = [1, 2, 3, 4, 5].map((number) => JSON.stringify({ name: `${mark} ${number}` }));
  const report = good(await api.importJobs({ body: new Blob([texts.join("\n")]) }));
  assert.deepEqual([report.created, report.skipped], [5, 0]);
  const wrong = refused(await api.importJobs({ body: new Blob(["{}"]) }));
  assert.deepEqual([wrong.code, wrong.errors?.[0]?.code], ["invalid_lines", "required"]);

  const jobs: api.Job[] = [];
  let cursor: string | undefined;
  do {
    const query = { q: mark, page_size: 2, ...(cursor ? { cursor } : {}) };
    const page = good(await api.listJobs({ query }));
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
  const { results } = good(await api.changeJobs({ body: { jobs: changes } }));
  assert.equal(results[0]?.job?.current_status, "COMPLETED");
  assert.equal(results[1]?.job?.name, `${mark} second`);
  assert.equal(results[2]?.problem?.code, "job_not_found");
  const counts = good(await api.getCounts());
  assert(counts.by_status.COMPLETED >= 1 && counts.total >= jobs.length);
  return jobs;
}

async function files(expected: number): Promise<void> {
  const whole = await api.exportJobs({ query: { q: mark, ordering: "name" }, parseAs: "text" });
  assert.equal(lines<api.Job>(good(whole)).length, expected);
  const path = { export_id: header(whole, "Export-Id") };
  const receipt = good(await api.getExportReceipt({ path }));
  assert.deepEqual([receipt.jobs, receipt.sha256], [expected, await sha256(good(whole))]);
}

async function changesSince(begin: string, jobs: api.Job[]): Promise<void> {
  const ids = jobs.map((job) => job.id);
  await untilTold(ids, begin, async (after) => {
    const query = { after, wait: 5, limit: 1000 };
    const answer = await api.listEvents({ query, parseAs: "text" });
    const events = lines<api.Event>(good(answer));
    const told = events.filter((event) => event.type === "job.deleted").map((event) => event.job_id);
    return { told, cursor: header(answer, "Feed-Cursor") };
  });
}

/** Never called: the compiler fails where it does not refuse one of these. */
export async function refusedByTheTypes(): Promise<void> {
  const path = { job_id: 1 };
  // @ts-expect-error: no object
  await api.changeJob({ path, body: 42 });
  // @ts-expect-error: no such member, and neither of both
  await api.changeJob({ path, body: { statu_type: "RUNNING" } });
  // @ts-expect-error: no such status
  await api.changeJob({ path, body: { status_type: "PAUSED" } });
  // @ts-expect-error: of which job?
  await api.changeJobs({ body: { jobs: [{ status_type: "RUNNING" }] } });
  // @ts-expect-error: no such order
  await api.listJobs({ query: { ordering: "id" } });
  // @ts-expect-error: lines are a file
  await api.importJobs({ body: [{ name: "Wing" }] });
}

const begin = header(await api.listEvents({ parseAs: "text" }), "Feed-Cursor");
await service();
const job = await oneJob();
const jobs = await manyJobs(job);
await files(jobs.length);
for (const { id } of jobs) {
  assert.equal((await api.deleteJob({ path: { job_id: id } })).response?.status, 204);
}
assert.equal(refused(await api.deleteJob({ path: { job_id: job.id } })).code, "job_not_found");
await changesSince(begin, jobs);
