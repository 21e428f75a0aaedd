/** Reads what the server sent. Nothing it says is trusted to have the promised shape. */
import { ApiError, badAnswer } from "./errors";
import { isStatusType } from "./statuses";
import type { FieldError, Job } from "./types";

type Json = Record<string, unknown>;

export async function readObject(response: Response): Promise<Json> {
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badAnswer(response.status);
}

export async function readJob(response: Response): Promise<Job> {
  const body = await readObject(response);
  if (isJob(body)) return body;
  throw badAnswer(response.status);
}

/** The jobs of a page. */
export async function readJobs(response: Response): Promise<Job[]> {
  const { results } = await readObject(response);
  if (Array.isArray(results) && results.every(isJob)) return results;
  throw badAnswer(response.status);
}

export function isJob(value: unknown): value is Job {
  const { id, current_status } = (value ?? {}) as Json;
  return typeof id === "number" && isStatusType(current_status);
}

/** An `application/problem+json` body as an error to throw. */
export async function readProblem(response: Response): Promise<ApiError> {
  return asProblem(await readObject(response), response.status);
}

export function asProblem({ code, title, detail, errors }: Json, status: number): ApiError {
  if (typeof code !== "string" || typeof detail !== "string") throw badAnswer(status);
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
