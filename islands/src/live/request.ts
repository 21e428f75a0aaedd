/** Asks the server what has changed on this page. */
import { TIMEOUT_MS } from "../api/timeout";
import type { LiveView } from "./live-view";

export interface Reply {
  /** Undefined if nothing has changed. */
  text: string | undefined;
  /** The part of the ETag that covers everything except the rows. */
  summaryTag: string;
  responseTime: number;
  /** The delay that the server asks for, in milliseconds. */
  minDelay: number;
}

/** The response is neither successful nor 304. */
class UnexpectedStatus extends Error {}

/** The session has ended. */
export class LoggedOut extends Error {}

export async function fetchUpdate(view: LiveView, summaryTag: string, signal: AbortSignal): Promise<Reply> {
  const began = performance.now();
  const response = await fetch(view.url, {
    headers: { "If-None-Match": `"${view.versions.join(".")};${summaryTag}"` },
    cache: "no-store",
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  if (response.status === 401) throw new LoggedOut();
  if (!response.ok && response.status !== 304) throw new UnexpectedStatus(String(response.status));
  const text = response.status === 304 ? undefined : await response.text();
  const tag = response.headers.get("ETag") ?? "";
  return {
    text,
    summaryTag: tag.replace(/^.*?;|"$/g, ""),
    responseTime: performance.now() - began,
    minDelay: Number(response.headers.get("Poll-After") ?? 0) * 1000,
  };
}
