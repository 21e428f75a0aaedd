/** The JSON API as functions. Each returns the confirmed result or throws an ApiError. */
import { csrfHeader } from "./csrf";
import {
  ApiError,
  isNotFound,
  isOutcomeUnknown,
  isRejection,
  leavesOutcomeUnknown,
  networkError,
  timeoutError,
  withUnknownOutcome,
} from "./errors";
import { hasUnknownOutcome, idempotencyKeyFor, markOutcomeUnknown, NEW_JOB, settle } from "./idempotency-keys";
import { parseJob, parseProblem } from "./parse";
import { TIMEOUT_MS } from "./timeout";
import type { Job, JobChange, NewJob, Snapshot, StatusType } from "./types";

const JOBS = "/api/jobs/";
/** The delay before retrying while another request with the same key is in progress. */
const IN_FLIGHT_MS = 500;
/** Shorter than TIMEOUT_MS: the server has just failed to respond. */
const RECHECK_TIMEOUT_MS = 4_000;

type Parse<Result> = (response: Response) => Promise<Result>;

/** A request that changes something. It is sent with an idempotency key, so that retrying is safe. */
export interface ChangeRequest {
  method: "POST" | "PATCH" | "DELETE";
  url: string;
  /** JSON. */
  body?: string;
  /** The jobs that the request changes, or NEW_JOB. */
  jobIds: readonly string[];
  /** The versions of these jobs that the page shows, as text. See `idempotencyKeyFor`. */
  shownVersions?: string | undefined;
  /** The job's `updated_at`: if the job has changed since, nothing is changed (412). */
  ifMatch?: string;
}

export function createJob(name: string): Promise<Job> {
  const body = JSON.stringify({ name } satisfies NewJob);
  return change({ method: "POST", url: JOBS, body, jobIds: [NEW_JOB] }, parseJob);
}

/**
 * Always appends to the job's history, even if the status is the same. `shown` is what the page shows of the job. If the
 * outcome is unknown, fetches the job.
 */
export async function setStatus(id: string, status: StatusType, shown?: Snapshot): Promise<Job> {
  const body = JSON.stringify({ status_type: status } satisfies JobChange);
  const shownVersions = shown?.status === status ? undefined : shown?.updatedAt;
  const request: ChangeRequest = { method: "PATCH", url: `${JOBS}${id}/`, body, jobIds: [id], shownVersions };
  try {
    return await change(request, parseJob);
  } catch (error) {
    const job = await recheck(id, error);
    if (!job || !(error instanceof ApiError)) throw error;
    error.currentJob = job;
    const succeeded = job.current_status === status && shown !== undefined && job.updated_at > shown.updatedAt;
    if (!succeeded) throw error;
    settle(identityOf(request));
    return job;
  }
}

/** Fails with 412 if the job has changed since `updatedAt`. If the outcome is unknown, fetches the job. */
export async function renameJob(id: string, name: string, updatedAt: string): Promise<Job> {
  const body = JSON.stringify({ name } satisfies JobChange);
  const request: ChangeRequest = { method: "PATCH", url: `${JOBS}${id}/`, body, jobIds: [id], ifMatch: updatedAt };
  try {
    return await change(request, parseJob);
  } catch (error) {
    const job = await recheck(id, error);
    if (!job || !(error instanceof ApiError)) throw error;
    error.currentJob = job;
    if (job.name !== name || job.updated_at <= updatedAt) throw error;
    settle(identityOf(request));
    return job;
  }
}

/** If the outcome is unknown, fetches the job: a 404 then means that it is deleted. */
export async function deleteJob(id: string): Promise<void> {
  try {
    await change({ method: "DELETE", url: `${JOBS}${id}/`, jobIds: [id] }, async () => undefined);
  } catch (error) {
    await recheck(id, error);
    throw error;
  }
}

/** The current job, if the error left the outcome unknown and the job can be fetched; else undefined. */
async function recheck(id: string, error: unknown): Promise<Job | undefined> {
  if (!isOutcomeUnknown(error)) return undefined;
  try {
    return await getJob(id, AbortSignal.timeout(RECHECK_TIMEOUT_MS));
  } catch (failure) {
    if (isNotFound(failure)) throw failure;
    return undefined;
  }
}

export function getJob(id: string, signal?: AbortSignal): Promise<Job> {
  return read(`${JOBS}${id}/`, parseJob, signal);
}

export function read<Result>(url: string, parse: Parse<Result>, signal?: AbortSignal): Promise<Result> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return send(url, { method: "GET", signal: signal ? AbortSignal.any([signal, timeout]) : timeout }, parse);
}

/** If the change may have been made, the error says so (`isOutcomeUnknown`), and the same change reuses its key. */
export async function change<Result>(request: ChangeRequest, parse: Parse<Result>): Promise<Result> {
  const { method, url, body = null, jobIds, shownVersions, ifMatch } = request;
  const identity = identityOf(request);
  const headers = {
    "Change-Source": "page",
    "Idempotency-Key": idempotencyKeyFor(identity, jobIds, shownVersions),
    ...(ifMatch !== undefined && { "If-Match": `"${ifMatch}"` }),
  };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const wasOnline = navigator.onLine;
  // Read for each attempt: a login in another tab renews the token.
  const attempt = () => send(url, { method, body, headers: { ...headers, ...csrfHeader() }, signal }, parse);
  try {
    const result = await retryWhileInFlight(attempt);
    settle(identity);
    return result;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (isRejection(error)) {
      settle(identity);
      throw error;
    }
    const isUnknown = wasOnline && leavesOutcomeUnknown(error);
    if (!isUnknown && !hasUnknownOutcome(identity)) throw error;
    markOutcomeUnknown(identity);
    throw withUnknownOutcome(error, isUnknown);
  }
}

function identityOf({ method, url, body = "", ifMatch = "" }: ChangeRequest): string {
  return `${method} ${url} ${ifMatch} ${body}`;
}

/** While an earlier request with the same key is in progress, waits for its response, which answers this one too. */
async function retryWhileInFlight<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "request_in_flight") throw error;
      await new Promise((resolve) => setTimeout(resolve, IN_FLIGHT_MS));
    }
  }
}

/** What the user has to do first. */
const NEEDED: Record<string, string> = {
  login_required: "login:required",
  reauthentication_required: "confirm:required",
};

async function send<Result>(url: string, init: RequestInit, parse: Parse<Result>): Promise<Result> {
  try {
    const headers = {
      "Content-Type": "application/json",
      Accept: "application/json, application/problem+json",
      ...init.headers,
    };
    const response = await fetch(url, { ...init, headers });
    if (!response.ok) {
      const problem = await parseProblem(response);
      const what = NEEDED[problem.code];
      // One of the events that the page listens for.
      if (what) document.body.dispatchEvent(new Event(what, { bubbles: true }));
      throw problem;
    }
    return await parse(response);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (error instanceof DOMException && error.name === "TimeoutError") throw timeoutError(TIMEOUT_MS / 1000);
    throw networkError();
  }
}
