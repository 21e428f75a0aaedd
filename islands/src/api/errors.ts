import type { FieldError, Job } from "./types";

interface Failure {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly isOutcomeUnknown?: boolean;
}

/** The only error that an API call throws. `detail` is a sentence for the user; `status` is 0 without a response. */
export interface ApiError extends Required<Failure> {}
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets every member
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The job as fetched after a change whose outcome is unknown. */
  currentJob: Job | undefined;

  constructor(failure: Failure) {
    super(`${failure.code}: ${failure.detail}`);
    Object.assign(this, { errors: [], isOutcomeUnknown: false }, failure);
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** The job has changed since the version that the request names. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 409 || error.status === 412);
}

/** The message to show for any error that a call throws. */
export function errorMessage(error: unknown): string {
  return error instanceof ApiError ? error.detail : "Something went wrong on this page. Reload it and try again.";
}

/** The message for an error of a change to an existing job. */
export function jobErrorMessage(error: unknown): string {
  return isNotFound(error) ? "This job was deleted." : errorMessage(error);
}

export function networkError(): ApiError {
  return new ApiError({
    status: 0,
    code: "network",
    title: "No connection",
    detail: navigator.onLine ? "The server did not respond." : "You’re offline.",
  });
}

export function timeoutError(seconds: number): ApiError {
  return new ApiError({
    status: 0,
    code: "timeout",
    title: "Timeout",
    detail: `The server did not respond within ${seconds} seconds.`,
  });
}

const MAY_HAVE_SUCCEEDED = "The change may have been made. Retrying is safe: it is never made twice.";
/** If this attempt certainly had no effect. */
const EARLIER_MAY_HAVE_SUCCEEDED =
  "An earlier attempt may have succeeded. Retrying is safe: the change is never made twice.";
/** Sent only after the server has checked the change and its key, so no earlier attempt succeeded either. */
const REJECTIONS = new Set([400, 404, 409, 412, 422]);

/** The error of a change whose outcome is unknown: that of this attempt, or that of an earlier one. */
export function withUnknownOutcome(error: ApiError, isThisAttempt: boolean): ApiError {
  const { status, code, title, detail, errors } = error;
  const failure = code === "outcome_unknown" ? "The server could not confirm the change." : detail;
  const hint = isThisAttempt ? MAY_HAVE_SUCCEEDED : EARLIER_MAY_HAVE_SUCCEEDED;
  return new ApiError({ status, code, title, detail: `${failure} ${hint}`, errors, isOutcomeUnknown: true });
}

/** The server itself rejected the change; the response is not a proxy's. */
export function isRejection({ status, code }: ApiError): boolean {
  return REJECTIONS.has(status) && code !== "unexpected_response";
}

/** No response, a truncated one, one from a proxy, or the server's `outcome_unknown`. */
export function leavesOutcomeUnknown({ status, code }: ApiError): boolean {
  if (code === "unexpected_response") return status >= 500 || status < 300;
  return status === 0 || code === "outcome_unknown";
}

/** Whether the change may have been made despite the error. */
export function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof ApiError && error.isOutcomeUnknown;
}

export function unexpectedResponse(status: number): ApiError {
  const what = status >= 500 ? "The server failed" : "The server sent an unexpected response";
  return new ApiError({
    status,
    code: "unexpected_response",
    title: "Unexpected response",
    detail: `${what} (${status}).`,
  });
}
