/** Finds jobs by name or id. Separate from `client.ts`, which every page loads. */
import { getJob, read } from "./client";
import { isNotFound } from "./errors";
import { parseJobs } from "./parse";
import type { Job } from "./types";

/** The newest jobs whose names contain the text. */
export function searchJobs(text: string, limit: number, signal: AbortSignal): Promise<Job[]> {
  const query = new URLSearchParams({ search: text, page_size: String(limit) });
  return read(`/api/jobs/?${query}`, parseJobs, signal);
}

/** The job with that id, as a list of at most one. */
export async function findJob(id: string, signal: AbortSignal): Promise<Job[]> {
  try {
    return [await getJob(id, signal)];
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
