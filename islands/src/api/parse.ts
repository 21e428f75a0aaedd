/** Parses responses. A body of an unexpected shape raises `unexpected_response`. */
import { ApiError, unexpectedResponse } from "./errors";
import { idText, parseExactly } from "./exact";
import { isStatusType } from "./statuses";
import type { FieldError, Job } from "./types";

type Json = Record<string, unknown>;

export async function parseObject(response: Response): Promise<Json> {
  const text = await response.text();
  try {
    const value = parseExactly(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw unexpectedResponse(response.status);
}

export async function parseJob(response: Response): Promise<Job> {
  const job = toJob(await parseObject(response));
  if (job) return job;
  throw unexpectedResponse(response.status);
}

/** The jobs in a page of results. */
export async function parseJobs(response: Response): Promise<Job[]> {
  const { results } = await parseObject(response);
  const jobs = Array.isArray(results) ? results.map(toJob) : [undefined];
  if (jobs.every((job) => job !== undefined)) return jobs;
  throw unexpectedResponse(response.status);
}

/** Undefined if the value is not a job. */
export function toJob(value: unknown): Job | undefined {
  const job = (value ?? {}) as Json;
  const id = idText(job["id"]);
  return id !== undefined && isStatusType(job["current_status"]) ? ({ ...job, id } as Job) : undefined;
}

/** An `application/problem+json` body as an error to throw. */
export async function parseProblem(response: Response): Promise<ApiError> {
  return toApiError(await parseObject(response), response.status);
}

export function toApiError({ code, title, detail, errors }: Json, status: number): ApiError {
  if (typeof code !== "string" || typeof detail !== "string") throw unexpectedResponse(status);
  return new ApiError({
    status,
    code,
    title: typeof title === "string" ? title : "",
    detail,
    errors: Array.isArray(errors) ? errors.filter(isFieldError) : [],
  });
}

function isFieldError(value: unknown): value is FieldError {
  if (typeof value !== "object" || value === null) return false;
  const { field, detail } = value as Json;
  return typeof field === "string" && typeof detail === "string";
}
