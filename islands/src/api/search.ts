/** Finds jobs by name, id or search. Separate from `client.ts`, which every page loads. */
import { getJob, read } from "./client";
import { ApiError, isNotFound } from "./errors";
import { parseJobs } from "./parse";
import type { Job } from "./types";

/** Of the text that `searchJobs` looks for, in characters. */
export const MAX_SEARCH_TEXT = 255;

/** The newest jobs whose names contain the text. */
export function searchJobs(text: string, limit: number, signal: AbortSignal): Promise<Job[]> {
  const query = new URLSearchParams({ search: text, page_size: String(limit) });
  return read(`/api/jobs/?${query}`, parseJobs, signal);
}

/** The newest jobs that match a search in the search language. */
export function queryJobs(q: string, limit: number, signal: AbortSignal): Promise<Job[]> {
  const query = new URLSearchParams({ q, page_size: String(limit) });
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

/** Whether the server did not understand the search. */
export function isInvalidSearch(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 400;
}
