/** Reads what the server sent. Nothing it says is trusted to have the promised shape. */
import { ApiError, badAnswer } from "./errors";
import { idText, parseExactly } from "./exact";
import { isStatusType } from "./statuses";
import type { FieldError, Job } from "./types";

type Json = Record<string, unknown>;

export async function readObject(response: Response): Promise<Json> {
  const text = await response.text();
  try {
    const value = parseExactly(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badAnswer(response.status);
}

export async function readJob(response: Response): Promise<Job> {
  const job = asJob(await readObject(response));
  if (job) return job;
  throw badAnswer(response.status);
}

/** The jobs of a page. */
export async function readJobs(response: Response): Promise<Job[]> {
  const { results } = await readObject(response);
  const jobs = Array.isArray(results) ? results.map(asJob) : [undefined];
  if (jobs.every((job) => job !== undefined)) return jobs;
  throw badAnswer(response.status);
}

/** Undefined where it is something else. */
export function asJob(value: unknown): Job | undefined {
  const job = (value ?? {}) as Json;
  const id = idText(job["id"]);
  return id !== undefined && isStatusType(job["current_status"]) ? ({ ...job, id } as Job) : undefined;
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
