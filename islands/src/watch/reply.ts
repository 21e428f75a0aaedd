/** The server's answer to what has happened, and what follows from it. */
import { isId } from "../api/exact";
import { type Result, readWatched, type Watched, type WatchedJob, writeWatched } from "./store";

export const FINISHED: ReadonlySet<string> = new Set(["COMPLETED", "FAILED", "DELETED"]);

export interface Reply {
  cursor: string;
  more: boolean;
  jobs: Result[];
  views: Result[][];
  /** How the watched jobs are, if the feed has a gap. */
  now?: Result[];
}

/** Undefined if the response is something else, for example a proxy's. */
export function parseReply(value: unknown): Reply | undefined {
  const { cursor, more, jobs, views, now } = (value ?? {}) as Record<string, unknown>;
  if (typeof cursor !== "string" || !Array.isArray(jobs) || !Array.isArray(views)) return undefined;
  return {
    cursor,
    more: more === true,
    jobs: results(jobs),
    views: views.map(results),
    ...(Array.isArray(now) && { now: results(now) }),
  };
}

function results(value: unknown): Result[] {
  const items: Result[] = Array.isArray(value) ? value : [];
  return items.filter(({ id, name, status }) => isId(id) && typeof name === "string" && typeof status === "string");
}

export function watchUrl({ jobs, views, cursor }: Watched): string {
  const query = new URLSearchParams({ after: cursor, ids: jobs.map(({ id }) => id).join(",") });
  for (const view of views) query.append("view", view.query);
  return `/watch/?${query}`;
}

/**
 * Stores what the reply to a request for `asked` says, and returns what is new. Undefined if something else is watched by
 * now, or if another tab has read on meanwhile: each place in the feed is told once.
 */
export function apply(asked: Watched, reply: Reply): Result[] | undefined {
  const watched = readWatched();
  if (watchUrl(watched) !== watchUrl(asked)) return undefined;
  const { jobs, views, unseen } = watched;
  const told = new Map<string, Result>();
  for (const [index, view] of asked.views.entries()) {
    for (const job of reply.views[index] ?? []) told.set(job.id, { ...plain(job), view: view.label });
  }
  for (const job of jobs) {
    const end = endOf(job, reply);
    if (end) told.set(job.id, plain({ ...end, name: end.name || job.name }));
  }
  writeWatched({
    jobs: jobs.filter((job) => !endOf(job, reply)).map((job) => asItIs(job, reply)),
    views,
    cursor: reply.cursor,
    unseen: [...unseen, ...told.values()],
  });
  return [...told.values()];
}

const plain = ({ id, name, status }: Result): Result => ({ id, name, status });

/** The end of the job since it is watched, if there is one. */
function endOf({ id, version }: WatchedJob, { jobs, now = [] }: Reply): Result | undefined {
  const event = jobs.find((job) => job.id === id);
  const end = event ?? now.find((job) => job.id === id);
  if (!end || !FINISHED.has(end.status)) return undefined;
  const isNew = (end.updated_at ?? "") > version && (version !== "" || event !== undefined);
  return isNew || end.status === "DELETED" ? end : undefined;
}

/** The version of a job that no page of this tab has shown. */
function asItIs(job: WatchedJob, { now = [] }: Reply): WatchedJob {
  const version = job.version || (now.find(({ id }) => id === job.id)?.updated_at ?? "");
  return { ...job, version };
}
