/** The JSON API as functions. Each returns what the server confirmed, or throws an ApiError. */
import { readJob, readProblem } from "./answers";
import { ApiError, isRefusal, isUnsure, leavesOpen, noAnswer, timedOut, unsure } from "./errors";
import type { Job, JobChange, NewJob, StatusType } from "./types";
import { doubt, isDoubted, keyFor, NEW_JOB, settle } from "./wishes";

const JOBS = "/api/jobs/";
const TIMEOUT_SECONDS = 15;
/** How soon to ask again for what another request with the same key is still doing. */
const IN_FLIGHT_MS = 500;
/** A server that has just not answered is not waited for as long again. */
const LOOK_SECONDS = 4;

type Read<Answer> = (response: Response) => Promise<Answer>;

/** What changes something: it carries a key, so that asking again is safe. */
export interface Change {
  method: "POST" | "PATCH" | "DELETE";
  url: string;
  /** JSON. */
  body?: string;
  about: readonly string[];
  seen?: string | undefined;
}

export function createJob(name: string): Promise<Job> {
  const body = JSON.stringify({ name } satisfies NewJob);
  return change({ method: "POST", url: JOBS, body, about: [NEW_JOB] }, readJob);
}

/** What the page shows of a job: its status, and its `updated_at` then. */
export interface Seen {
  status: StatusType;
  updatedAt: string;
}

/** Always appends to the job's history, also when the status is the same. Where no answer came, the job is looked at. */
export async function setStatus(id: string, status: StatusType, shown?: Seen): Promise<Job> {
  const body = JSON.stringify({ status_type: status } satisfies JobChange);
  const seen = shown?.status === status ? undefined : shown?.updatedAt;
  const wish: Change = { method: "PATCH", url: `${JOBS}${id}/`, body, about: [id], seen };
  try {
    return await change(wish, readJob);
  } catch (error) {
    const now = await look(id, error);
    if (!now || !(error instanceof ApiError)) throw error;
    error.now = now;
    const wasDone = now.current_status === status && shown !== undefined && now.updated_at > shown.updatedAt;
    if (!wasDone) throw error;
    settle(requestOf(wish));
    return now;
  }
}

/** Where no answer came, a job that is gone has been deleted. */
export async function deleteJob(id: string): Promise<void> {
  try {
    await change({ method: "DELETE", url: `${JOBS}${id}/`, about: [id] }, async () => undefined);
  } catch (error) {
    await look(id, error);
    throw error;
  }
}

/** The job as it is, after a change that may have been made; undefined where that is not the question, or not known. */
async function look(id: string, error: unknown): Promise<Job | undefined> {
  if (!isUnsure(error)) return undefined;
  try {
    return await getJob(id, AbortSignal.timeout(LOOK_SECONDS * 1000));
  } catch (other) {
    if (other instanceof ApiError && other.status === 404) throw other;
    return undefined;
  }
}

export function getJob(id: string, given?: AbortSignal): Promise<Job> {
  return read(`${JOBS}${id}/`, readJob, given);
}

export function read<Answer>(url: string, take: Read<Answer>, given?: AbortSignal): Promise<Answer> {
  const timeout = AbortSignal.timeout(TIMEOUT_SECONDS * 1000);
  return send(url, { method: "GET", signal: given ? AbortSignal.any([given, timeout]) : timeout }, take);
}

/** Where it may have been done, the error says so (`isUnsure`), and the same change again has the same key. */
export async function change<Answer>(wish: Change, take: Read<Answer>): Promise<Answer> {
  const { method, url, body = null, about, seen } = wish;
  const request = requestOf(wish);
  const headers = { "Idempotency-Key": keyFor(request, about, seen) };
  const signal = AbortSignal.timeout(TIMEOUT_SECONDS * 1000);
  const wasOnline = navigator.onLine;
  try {
    const answer = await untilItLanded(() => send(url, { method, body, headers, signal }, take));
    settle(request);
    return answer;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (isRefusal(error)) {
      settle(request);
      throw error;
    }
    const isOpen = wasOnline && leavesOpen(error);
    if (!isOpen && !isDoubted(request)) throw error;
    doubt(request);
    throw unsure(error, isOpen);
  }
}

function requestOf({ method, url, body = "" }: Change): string {
  return `${method} ${url} ${body}`;
}

/** While the request before it, whose answer was lost, is still under way, its key is taken: that one's answer is ours. */
async function untilItLanded<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "request_in_flight") throw error;
      await new Promise((resolve) => setTimeout(resolve, IN_FLIGHT_MS));
    }
  }
}

async function send<Answer>(url: string, init: RequestInit, take: Read<Answer>): Promise<Answer> {
  try {
    const headers = {
      "Content-Type": "application/json",
      Accept: "application/json, application/problem+json",
      ...init.headers,
    };
    const response = await fetch(url, { ...init, headers });
    if (!response.ok) throw await readProblem(response);
    return await take(response);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (error instanceof DOMException && error.name === "TimeoutError") throw timedOut(TIMEOUT_SECONDS);
    throw noAnswer();
  }
}
