/** Many jobs by one request. Not part of the client that every page loads. */
import { asJob, asProblem, readObject } from "./answers";
import { change } from "./client";
import { type ApiError, badAnswer } from "./errors";
import type { Job, StatusType } from "./types";

/**
 * What became of each, in their order: the job as it is now, or why it is not. Throws where nothing was done, or nobody
 * knows. `seen`: see `keyFor`.
 */
export function setStatusOfMany(
  ids: readonly string[],
  status: StatusType,
  seen?: string,
): Promise<(Job | ApiError)[]> {
  // As text, since not every id is a JavaScript number; each is nothing but digits.
  const jobs = ids.map((id) => `{"id":${id},"status_type":"${status}"}`);
  const body = `{"jobs":[${jobs.join()}]}`;
  return change({ method: "PATCH", url: "/api/jobs/", body, about: ids, seen }, async (response) => {
    const { results } = await readObject(response);
    if (!Array.isArray(results) || results.length !== ids.length) throw badAnswer(response.status);
    return results.map((result, index) => outcome(result, ids[index], response.status));
  });
}

function outcome(result: unknown, id: string | undefined, status: number): Job | ApiError {
  const { job: changed, problem, status: own } = (result ?? {}) as Record<string, unknown>;
  const job = asJob(changed);
  if (job && job.id === id) return job;
  if (typeof problem !== "object" || problem === null || typeof own !== "number") throw badAnswer(status);
  return asProblem(problem as Record<string, unknown>, own);
}
