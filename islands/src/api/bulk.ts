/** Changes many jobs in one request. Separate from `client.ts`, which every page loads. */
import { type ChangeRequest, change } from "./client";
import { ApiError, isNotFound, unexpectedResponse } from "./errors";
import { parseObject, toApiError, toJob } from "./parse";
import type { Job, StatusType } from "./types";

/** For one job: the changed job, or why it was not changed. */
type Result<Done> = Done | ApiError;

/** A job, and the `updated_at` without which nothing is done. */
export interface Version {
  id: string;
  updatedAt: string;
}

/**
 * The result for each job, in the order of `ids`. Throws if the whole request failed or its outcome is unknown.
 * `shownVersions`: see `idempotencyKeyFor`.
 */
export function bulkSetStatus(
  ids: readonly string[],
  status: StatusType,
  shownVersions?: string,
): Promise<Result<Job>[]> {
  const items = ids.map((id) => item(id, { status_type: status }));
  return bulk({ method: "PATCH", url: "/api/jobs/", body: bodyOf(items), jobIds: ids, shownVersions }, changedJob);
}

/**
 * Undoes the status change of each job whose response had `changedAt` as `updated_at`, unless the job has changed since
 * its version.
 */
export function bulkUndo(jobs: readonly (Version & { changedAt: string })[]): Promise<Result<Job>[]> {
  const items = jobs.map(({ id, updatedAt, changedAt }) => item(id, { updated_at: updatedAt, changed_at: changedAt }));
  return bulk({ method: "POST", url: "/api/jobs/undo/", body: bodyOf(items), jobIds: idsOf(jobs) }, changedJob);
}

/** Deletes the jobs, whatever their versions. The result for each job is `true`, or why it was not deleted. */
export function bulkDelete(ids: readonly string[]): Promise<Result<true>[]> {
  const items = ids.map((id) => item(id, {}));
  return bulk({ method: "POST", url: "/api/jobs/delete/", body: bodyOf(items), jobIds: ids }, deletedJob);
}

/** Restores deleted jobs. The result for each is the job as it is now, or why it was not restored. */
export function bulkRestore(ids: readonly string[]): Promise<Result<Job>[]> {
  return bulk({ method: "POST", url: "/api/trash/restore/", body: `{"ids":[${ids.join()}]}`, jobIds: ids }, changedJob);
}

const idsOf = (jobs: readonly Version[]) => jobs.map(({ id }) => id);

/** Built as text: an id can exceed JavaScript's safe integers. Ids contain only digits. */
function item(id: string, members: Record<string, string>): string {
  return [
    `{"id":${id}`,
    ...Object.entries(members).map(([name, value]) => `"${name}":${JSON.stringify(value)}`),
  ].join();
}

const bodyOf = (items: readonly string[]) => `{"jobs":[${items.map((text) => `${text}}`).join()}]}`;

async function bulk<Done>(
  request: ChangeRequest,
  toDone: (result: Record<string, unknown>, id: string) => Done | undefined,
): Promise<Result<Done>[]> {
  const { jobIds } = request;
  try {
    return await change(request, async (response) => {
      const { results } = await parseObject(response);
      if (!Array.isArray(results) || results.length !== jobIds.length) throw unexpectedResponse(response.status);
      return jobIds.map((id, index) => toResult(results[index] ?? {}, id, response.status, toDone));
    });
  } catch (error) {
    throw isNotFound(error) ? missingEndpoint() : error;
  }
}

function toResult<Done>(
  result: Record<string, unknown>,
  id: string,
  status: number,
  toDone: (result: Record<string, unknown>, id: string) => Done | undefined,
): Result<Done> {
  const done = toDone(result, id);
  if (done !== undefined) return done;
  const { problem, status: itemStatus } = result;
  if (typeof problem !== "object" || problem === null || typeof itemStatus !== "number")
    throw unexpectedResponse(status);
  return toApiError(problem as Record<string, unknown>, itemStatus);
}

function changedJob({ job: changed }: Record<string, unknown>, id: string): Job | undefined {
  const job = toJob(changed);
  return job?.id === id ? job : undefined;
}

function deletedJob({ status, id: deleted }: Record<string, unknown>, id: string): true | undefined {
  return status === 204 && String(deleted) === id ? true : undefined;
}

/** During an upgrade, a process of the previous release does not know the URL. That no job was found is not the reason. */
function missingEndpoint(): ApiError {
  return new ApiError({
    status: 501,
    code: "not_supported",
    title: "Not supported",
    detail: "The server is being upgraded. Nothing was changed; try again in a moment.",
  });
}
