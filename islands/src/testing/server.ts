/** Replaces the server at the network boundary, `fetch`. Everything above it is real. */
import { vi } from "vitest";
import type { Job } from "../api/types";

export function makeJob(values: Partial<Job> = {}): Job {
  return {
    id: "12",
    name: "Fluid Dynamics",
    current_status: "PENDING",
    created_at: "2026-11-22T10:00:00.000000Z",
    updated_at: "2026-11-22T10:00:00.000000Z",
    key: null,
    labels: {},
    ...values,
  };
}

/** Writes ids as numbers, as the server does. */
export function json(status: number, body: unknown): Response {
  const text = JSON.stringify(body).replace(/"id":"(\d+)"/g, '"id":$1');
  return new Response(text, { status, headers: { "Content-Type": "application/json" } });
}

export function problem(status: number, code: string, detail: string, errors?: object[]): Response {
  const body = JSON.stringify({ type: "about:blank", title: "Refused", status, detail, code, errors });
  return new Response(body, { status, headers: { "Content-Type": "application/problem+json" } });
}

export function html(status: number): Response {
  return new Response("<h1>Bad gateway</h1>", { status, headers: { "Content-Type": "text/html" } });
}

/** A request that the page sent, and functions to answer it. */
export interface Call {
  method: string;
  url: string;
  body: unknown;
  /** The body as it was sent. */
  text: string;
  headers: Headers;
  answer: (response: Response) => void;
  fail: (error: unknown) => void;
}

/** Collects requests. Each one waits until the test answers it. */
export function stubServer(): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const { promise, resolve, reject } = deferred<Response>();
    if (init.signal?.aborted) reject(init.signal.reason);
    init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
    const body = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    const headers = new Headers(init.headers);
    calls.push({
      method: init.method ?? "GET",
      url,
      body,
      text: String(init.body ?? ""),
      headers,
      answer: resolve,
      fail: reject,
    });
    return promise;
  });
  return calls;
}

/** The request with this index; fails the test if the page has not sent it. */
export function nth(calls: Call[], index: number): Call {
  const call = calls[index];
  if (!call) throw new Error(`the page sent ${calls.length} requests, not ${index + 1}`);
  return call;
}

export function deferred<Value>() {
  let resolve!: (value: Value) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** Records the details of all events of this name. */
export function recordEvents(name: string): unknown[] {
  const details: unknown[] = [];
  const listen = (event: Event) => details.push((event as CustomEvent).detail);
  document.addEventListener(name, listen);
  return details;
}
