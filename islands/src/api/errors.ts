import type { FieldError } from "./types";

interface Failure {
  status: number;
  code: string;
  title: string;
  detail: string;
  errors?: readonly FieldError[];
}

/** The one way a call fails. `detail` is a sentence for the user; `status` is 0 when no answer came. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly FieldError[];

  constructor({ status, code, title, detail, errors = [] }: Failure) {
    super(`${code}: ${detail}`);
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.errors = errors;
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

/** The server may still have done what was asked. */
export function timedOut(seconds: number): ApiError {
  return new ApiError({
    status: 0,
    code: "timeout",
    title: "No answer in time",
    detail: `The server did not answer within ${seconds} seconds. The change may still have been made.`,
  });
}

export function badAnswer(status: number): ApiError {
  const what = status >= 500 ? "The server failed" : "The server gave an unexpected answer";
  return new ApiError({ status, code: "bad_answer", title: "Unexpected answer", detail: `${what} (${status}).` });
}
