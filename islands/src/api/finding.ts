/** Jobs by name or id, for who looks for one. Not part of the client that every page loads. */
import { readJob, readJobs } from "./answers";
import { call } from "./client";
import { ApiError } from "./errors";
import type { Job } from "./types";

/** The first of the jobs whose names hold the text, newest first. */
export function findJobs(text: string, most: number, signal: AbortSignal): Promise<Job[]> {
  const query = new URLSearchParams({ search: text, page_size: String(most) });
  return call("GET", `/api/jobs/?${query}`, undefined, readJobs, signal);
}

/** The job of that number, or none. */
export async function findJob(id: string, signal: AbortSignal): Promise<Job[]> {
  try {
    return [await call("GET", `/api/jobs/${id}/`, undefined, readJob, signal)];
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
}
