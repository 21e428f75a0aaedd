/**
 * What this browser watches, shared by its tabs: jobs until they end, and lists. With it, the place in the change feed up
 * to which everything has been told, and what has been told but not been looked at yet.
 */
import { isId } from "../api/exact";
import { MAX_NAME_LENGTH } from "../api/names";
import { local } from "../storage";

export const STORAGE_KEY = "job-dashboard:watched";
export const MAX_JOBS = 100;
export const MAX_VIEWS = 10;
const MAX_UNSEEN = 50;
const MAX_TEXT = 8_000;

export interface WatchedJob {
  id: string;
  name: string;
  /** Its `updated_at` when it began to be watched, or "" if the page did not show it: earlier ends are not told. */
  version: string;
}

export interface WatchedView {
  /** The query string of the list. */
  query: string;
  label: string;
}

/** A job that has completed, failed or been deleted. `view`: the label of the watched list that it is in. */
export interface Result {
  id: string;
  name: string;
  status: string;
  updated_at?: string;
  view?: string;
}

export interface Watched {
  jobs: readonly WatchedJob[];
  views: readonly WatchedView[];
  cursor: string;
  unseen: readonly Result[];
}

/** Ignores stored values that this module cannot have written. */
export function readWatched(): Watched {
  const { jobs, views, cursor, unseen } = record(local.readJson(STORAGE_KEY));
  return {
    jobs: list(jobs).filter(isJob),
    views: list(views).filter(isView),
    cursor: isText(cursor) ? cursor : "",
    unseen: list(unseen).filter(isResult),
  };
}

/** Returns false if it could not be stored. Without anything to keep, nothing is stored. */
export function writeWatched({ jobs, views, cursor, unseen }: Watched): boolean {
  const isEmpty = jobs.length + views.length + unseen.length === 0;
  if (isEmpty) return local.write(STORAGE_KEY, null);
  return local.writeJson(STORAGE_KEY, { jobs, views, cursor, unseen: unseen.slice(-MAX_UNSEEN) });
}

export const isWatching = ({ jobs, views }: Watched) => jobs.length + views.length > 0;

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const isText = (value: unknown): value is string => typeof value === "string" && value.length <= MAX_TEXT;
const isName = (value: unknown) => isText(value) && value.length <= 2 * MAX_NAME_LENGTH;

function isJob(value: unknown): value is WatchedJob {
  const { id, name, version } = record(value);
  return isId(id) && isName(name) && isText(version);
}

function isView(value: unknown): value is WatchedView {
  const { query, label } = record(value);
  return isText(query) && isText(label);
}

function isResult(value: unknown): value is Result {
  const { id, name, status, view } = record(value);
  return isId(id) && isName(name) && isText(status) && (view === undefined || isText(view));
}
