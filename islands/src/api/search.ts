/** Finds jobs by name, id or search. Separate from `client.ts`, which every page loads. */
import { getJob, read } from "./client";
import { ApiError, isNotFound } from "./errors";
import { parseJobs } from "./parse";
import type { Job } from "./types";

/** Of the text that `searchJobs` looks for, in characters. */
export const MAX_SEARCH_TEXT = 255;
/** Of a search in the search language, in characters. */
export const MAX_SEARCH = 2_000;
export const MAX_PAGE_SIZE = 200;

/** The newest jobs whose names contain the text. */
export function searchJobs(text: string, limit: number, signal: AbortSignal): Promise<Job[]> {
  const query = new URLSearchParams({ search: text, page_size: String(limit) });
  return read(`/api/jobs/?${query}`, parseJobs, signal);
}

/** The newest jobs that match a search in the search language, whose days are those of the zone. */
export function queryJobs(q: string, limit: number, signal: AbortSignal, zone?: string): Promise<Job[]> {
  const query = new URLSearchParams({ q, page_size: String(limit), ...(zone && { tz: zone }) });
  return read(`/api/jobs/?${query}`, parseJobs, signal);
}

/** Searches that find these jobs, each of them in at most one; no search and no page of results exceeds its limit. */
export function searchesForIds(ids: readonly string[]): string[] {
  const searches: string[] = [];
  let count = 0;
  for (const id of ids) {
    const longer = `${searches.at(-1)},${id}`;
    if (count === 0 || count === MAX_PAGE_SIZE || longer.length > MAX_SEARCH) {
      searches.push(`id:${id}`);
      count = 1;
    } else {
      searches[searches.length - 1] = longer;
      count += 1;
    }
  }
  return searches;
}

/** Those of these jobs that exist. */
export async function jobsWithIds(ids: readonly string[], signal: AbortSignal): Promise<Job[]> {
  const [only] = ids;
  if (only !== undefined && ids.length === 1) return findJob(only, signal);
  const pages = searchesForIds(ids).map((q) => queryJobs(q, MAX_PAGE_SIZE, signal));
  return (await Promise.all(pages)).flat();
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
