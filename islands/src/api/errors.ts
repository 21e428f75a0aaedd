import type { FieldError, Job } from "./types";

interface Failure {
  status: number;
  code: string;
  title: string;
  detail: string;
  errors?: readonly FieldError[];
  isUnsure?: boolean;
}

/** The one way a call fails. `detail` is a sentence for the user; `status` is 0 when no answer came. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly isUnsure: boolean;
  /** The job as it was found after a change of it was left open. */
  now: Job | undefined;

  constructor({ status, code, title, detail, errors = [], isUnsure = false }: Failure) {
    super(`${code}: ${detail}`);
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.errors = errors;
    this.isUnsure = isUnsure;
  }
}

/** The sentence to show for anything a call may throw. */
export function sentence(error: unknown): string {
  return error instanceof ApiError ? error.detail : "Something went wrong on this page.";
}

export function noAnswer(): ApiError {
  return new ApiError({
    status: 0,
    code: "network",
    title: "No connection",
    detail: navigator.onLine ? "The server did not answer." : "You are offline.",
  });
}

export function timedOut(seconds: number): ApiError {
  return new ApiError({
    status: 0,
    code: "timeout",
    title: "No answer in time",
    detail: `The server did not answer within ${seconds} seconds.`,
  });
}

const UNSURE = "It may have been done; trying again will not do it twice.";
/** Where this attempt was certainly not done. */
const UNSURE_BEFORE = "The attempt before may have been done; trying again will not do it twice.";
/** What the server answers once it has looked at a change and its key: then it was not done by an attempt before either. */
const REFUSALS = new Set([400, 404, 409, 412, 422]);

/** The same failure of a change, with what is left open: whether this attempt was done, or else one before it. */
export function unsure(error: ApiError, wasThis: boolean): ApiError {
  const { status, code, title, detail, errors } = error;
  const what = code === "outcome_unknown" ? "The server cannot tell what became of this." : detail;
  const open = wasThis ? UNSURE : UNSURE_BEFORE;
  return new ApiError({ status, code, title, detail: `${what} ${open}`, errors, isUnsure: true });
}

/** The server's own word, not a proxy's. */
export function isRefusal({ status, code }: ApiError): boolean {
  return REFUSALS.has(status) && code !== "bad_answer";
}

/** No answer, half of one, one that a proxy made up, or the server's own word that it cannot tell. */
export function leavesOpen({ status, code }: ApiError): boolean {
  if (code === "bad_answer") return status >= 500 || status < 300;
  return status === 0 || code === "outcome_unknown";
}

/** Whether what was asked for may have been done all the same. */
export function isUnsure(error: unknown): boolean {
  return error instanceof ApiError && error.isUnsure;
}

export function badAnswer(status: number): ApiError {
  const what = status >= 500 ? "The server failed" : "The server gave an unexpected answer";
  return new ApiError({ status, code: "bad_answer", title: "Unexpected answer", detail: `${what} (${status}).` });
}
