/** Finds the jobs for what is typed, after a pause. Until they are found, those found before stay. */
import { isId } from "../api/exact";
import { findJob, isInvalidSearch, MAX_SEARCH_TEXT, queryJobs, searchJobs } from "../api/search";
import type { Job } from "../api/types";
import { readCookie } from "../storage";
import { looksLikeSearch } from "./palette-searches";

const PAUSE_MS = 150;
const MAX_JOBS = 8;

export class Finder {
  /** Found last, for this text or an earlier one. */
  jobs: readonly Job[] = [];
  /** Why there are none for this text. */
  error: unknown;
  isPending = false;
  #text = "";
  #request = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onFound: () => void;

  constructor(onFound: () => void) {
    this.#onFound = onFound;
  }

  /** Aborts the search for an earlier text. */
  find(text: string): void {
    this.stop();
    this.#text = text;
    this.error = undefined;
    this.isPending = text !== "";
    if (text === "") this.jobs = [];
    else this.#timer = setTimeout(() => void this.#search(), PAUSE_MS);
  }

  /** Does not wait for a pause. */
  hurry(): void {
    if (this.#timer !== undefined) void this.#search();
  }

  stop(): void {
    this.#request.abort();
    this.#cancelTimer();
    this.isPending = false;
  }

  #cancelTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #search(): Promise<void> {
    this.#cancelTimer();
    this.#request = new AbortController();
    const { signal } = this.#request;
    let jobs: readonly Job[] = [];
    let error: unknown;
    try {
      jobs = await findJobs(this.#text, signal);
    } catch (failure) {
      error = failure;
    }
    if (signal.aborted) return;
    this.jobs = jobs;
    this.error = error;
    this.isPending = false;
    this.#onFound();
  }
}

/** The job with that id first, then those that the search or the part of a name finds. */
async function findJobs(text: string, signal: AbortSignal): Promise<Job[]> {
  const byId = isId(text) ? findJob(text, signal) : Promise.resolve([]);
  const [withId, others] = await Promise.all([
    byId,
    looksLikeSearch(text) ? bySearch(text, signal) : byName(text, signal),
  ]);
  return [...withId, ...others.filter(({ id }) => !withId.some((job) => job.id === id))];
}

function byName(text: string, signal: AbortSignal): Promise<Job[]> {
  return text.length > MAX_SEARCH_TEXT ? Promise.resolve([]) : searchJobs(text, MAX_JOBS, signal);
}

/** The time zone of the days in the list that the search opens; undefined before the page has set it. */
const listZone = () => readCookie("time-zone");

/** What is no valid search may still be a part of a name. If no name has it, the mistake in it is reported. */
async function bySearch(text: string, signal: AbortSignal): Promise<Job[]> {
  try {
    return await queryJobs(text, MAX_JOBS, signal, listZone());
  } catch (error) {
    if (!isInvalidSearch(error)) throw error;
    const named = await byName(text, signal);
    if (named.length === 0) throw error;
    return named;
  }
}
