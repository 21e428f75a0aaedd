/** The jobs opened and the searches made last, in all tabs of this browser: for the palette and the search field. */

import { isId } from "../api/exact";
import { MAX_NAME_LENGTH } from "../api/names";
import { onEvent } from "../events";
import { local } from "../storage";

const STORAGE_KEY = "job-dashboard:recent";
const MAX_RECENT = 5;
/** Of the list's search field. */
export const MAX_SEARCH_LENGTH = 2_000;

interface RecentJob {
  id: string;
  name: string;
}

interface Recent {
  /** Newest first. */
  jobs: readonly RecentJob[];
  searches: readonly string[];
}

/** Ignores stored values that this module cannot have written. */
export function readRecent(): Recent {
  const { jobs, searches } = (local.readJson(STORAGE_KEY) ?? {}) as Record<string, unknown>;
  return {
    jobs: listOf(jobs, isRecentJob).map(({ id, name }) => ({ id, name })),
    searches: listOf(searches, isSearch),
  };
}

function listOf<Value>(stored: unknown, isValid: (value: unknown) => value is Value): Value[] {
  return Array.isArray(stored) ? stored.filter(isValid).slice(0, MAX_RECENT) : [];
}

function isRecentJob(value: unknown): value is RecentJob {
  if (typeof value !== "object" || value === null) return false;
  const { id, name } = value as Record<string, unknown>;
  return isId(id) && typeof name === "string" && name !== "" && name.length <= 2 * MAX_NAME_LENGTH;
}

function isSearch(value: unknown): value is string {
  return typeof value === "string" && value.trim() === value && value !== "" && value.length <= MAX_SEARCH_LENGTH;
}

export function rememberOpened({ id, name }: RecentJob): void {
  const { jobs, searches } = readRecent();
  write({ jobs: [{ id, name }, ...jobs.filter((job) => job.id !== id)], searches });
}

export function rememberSearch(text: string): void {
  const { jobs, searches } = readRecent();
  const search = text.trim();
  if (isSearch(search)) write({ jobs, searches: [search, ...searches.filter((other) => other !== search)] });
}

function forgetJob(id: string): void {
  const { jobs, searches } = readRecent();
  if (jobs.some((job) => job.id === id)) write({ jobs: jobs.filter((job) => job.id !== id), searches });
}

export function clearRecent(): void {
  local.write(STORAGE_KEY, null);
}

function write({ jobs, searches }: Recent): void {
  local.writeJson(STORAGE_KEY, { jobs: jobs.slice(0, MAX_RECENT), searches: searches.slice(0, MAX_RECENT) });
}

/** A search is finished when the field is left or submitted; one with mistakes is not worth repeating. */
function onSearched({ target }: Event): void {
  const field = target instanceof Element ? document.querySelector<HTMLInputElement>("input#search") : null;
  if (!field || (target !== field && target !== field.form)) return;
  if (field.getAttribute("aria-invalid") !== "true") rememberSearch(field.value);
}

/** `job` is the one whose own page this is. */
export function wireRecent(job: RecentJob | undefined): void {
  if (job) rememberOpened(job);
  document.addEventListener("focusout", onSearched);
  document.addEventListener("submit", onSearched);
  onEvent("job:deleted", ({ id }) => forgetJob(id));
}
