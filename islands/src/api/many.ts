/** Many jobs by one request. Not part of the client that every page loads. */
import { asProblem, isJob, readObject } from "./answers";
import { call } from "./client";
import { type ApiError, badAnswer } from "./errors";
import type { Job, ManyChanges, StatusType } from "./types";

/** What became of each, in their order: the job as it is now, or why it is not. Throws where nothing was done. */
export function setStatusOfMany(ids: readonly number[], status: StatusType): Promise<(Job | ApiError)[]> {
  const body = { jobs: ids.map((id) => ({ id, status_type: status })) } satisfies ManyChanges;
  return call("PATCH", "/api/jobs/", body, async (response) => {
    const { results } = await readObject(response);
    if (!Array.isArray(results) || results.length !== ids.length) throw badAnswer(response.status);
    return results.map((result, index) => outcome(result, ids[index], response.status));
  });
}

function outcome(result: unknown, id: number | undefined, status: number): Job | ApiError {
  const { job, problem, status: own } = (result ?? {}) as Record<string, unknown>;
  if (isJob(job) && job.id === id) return job;
  if (typeof problem !== "object" || problem === null || typeof own !== "number") throw badAnswer(status);
  return asProblem(problem as Record<string, unknown>, own);
}
