/** One question to the server: has anything on this screen changed? */
import type { Screen } from "./screen";

const TIMEOUT_MS = 15_000;

export interface Reply {
  /** Undefined where nothing has. */
  text: string | undefined;
  /** What the server's entity tag says of all that is not a row. */
  surroundings: string;
  took: number;
  askedFor: number;
}

/** The server did not answer, or not as it should. */
export class Unanswered extends Error {}

export async function ask(screen: Screen, surroundings: string, signal: AbortSignal): Promise<Reply> {
  const began = performance.now();
  const response = await fetch(screen.url, {
    headers: { "If-None-Match": `"${screen.versions.join(".")};${surroundings}"` },
    cache: "no-store",
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  if (!response.ok && response.status !== 304) throw new Unanswered(String(response.status));
  const text = response.status === 304 ? undefined : await response.text();
  const tag = response.headers.get("ETag") ?? "";
  return {
    text,
    surroundings: tag.replace(/^.*?;|"$/g, ""),
    took: performance.now() - began,
    askedFor: Number(response.headers.get("Poll-After") ?? 0) * 1000,
  };
}
