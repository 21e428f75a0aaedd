/** Jobs by name or id, for who looks for one. Not part of the client that every page loads. */
import { readJobs } from "./answers";
import { getJob, read } from "./client";
import { ApiError } from "./errors";
import type { Job } from "./types";

/** The first of the jobs whose names hold the text, newest first. */
export function findJobs(text: string, most: number, signal: AbortSignal): Promise<Job[]> {
  const query = new URLSearchParams({ search: text, page_size: String(most) });
  return read(`/api/jobs/?${query}`, readJobs, signal);
}

/** The job of that number, or none. */
export async function findJob(id: string, signal: AbortSignal): Promise<Job[]> {
  try {
    return [await getJob(id, signal)];
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
}
