/** The JSON API as functions. Each returns what the server confirmed, or throws an ApiError. */
import { readJob, readProblem } from "./answers";
import { ApiError, noAnswer, timedOut } from "./errors";
import type { Job, JobChange, NewJob, StatusType } from "./types";

const JOBS = "/api/jobs/";
const TIMEOUT_SECONDS = 15;

export function createJob(name: string): Promise<Job> {
  return call("POST", JOBS, { name } satisfies NewJob, readJob);
}

/** Always appends to the job's history, also when the status is the same. */
export function setStatus(id: number, status: StatusType): Promise<Job> {
  return call("PATCH", `${JOBS}${id}/`, { status_type: status } satisfies JobChange, readJob);
}

export function deleteJob(id: number): Promise<void> {
  return call("DELETE", `${JOBS}${id}/`, undefined, async () => undefined);
}

export async function call<Answer>(
  method: string,
  url: string,
  body: object | undefined,
  read: (response: Response) => Promise<Answer>,
  given?: AbortSignal,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(TIMEOUT_SECONDS * 1000);
  try {
    const response = await fetch(url, {
      method,
      headers: { "Content-Type": "application/json", Accept: "application/json, application/problem+json" },
      body: body ? JSON.stringify(body) : null,
      signal: given ? AbortSignal.any([given, timeout]) : timeout,
    });
    if (!response.ok) throw await readProblem(response);
    return await read(response);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (error instanceof DOMException && error.name === "TimeoutError") throw timedOut(TIMEOUT_SECONDS);
    throw noAnswer();
  }
}
