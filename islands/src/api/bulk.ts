/** Changes many jobs in one request. Separate from `client.ts`, which every page loads. */
import { change } from "./client";
import { type ApiError, unexpectedResponse } from "./errors";
import { parseObject, toApiError, toJob } from "./parse";
import type { Job, StatusType } from "./types";

/**
 * The result for each job, in the order of `ids`: the changed job, or why it was not changed. Throws if the whole
 * request failed or its outcome is unknown. `shownVersions`: see `idempotencyKeyFor`.
 */
export function bulkSetStatus(
  ids: readonly string[],
  status: StatusType,
  shownVersions?: string,
): Promise<(Job | ApiError)[]> {
  // Built as text: an id can exceed JavaScript's safe integers. Ids contain only digits.
  const jobs = ids.map((id) => `{"id":${id},"status_type":"${status}"}`);
  const body = `{"jobs":[${jobs.join()}]}`;
  return change({ method: "PATCH", url: "/api/jobs/", body, jobIds: ids, shownVersions }, async (response) => {
    const { results } = await parseObject(response);
    if (!Array.isArray(results) || results.length !== ids.length) throw unexpectedResponse(response.status);
    return results.map((result, index) => toResult(result, ids[index], response.status));
  });
}

function toResult(result: unknown, id: string | undefined, status: number): Job | ApiError {
  const { job: changed, problem, status: itemStatus } = (result ?? {}) as Record<string, unknown>;
  const job = toJob(changed);
  if (job && job.id === id) return job;
  if (typeof problem !== "object" || problem === null || typeof itemStatus !== "number")
    throw unexpectedResponse(status);
  return toApiError(problem as Record<string, unknown>, itemStatus);
}
