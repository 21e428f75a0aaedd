/** What both TypeScript programs share: logging requests and reading responses. */
import assert from "node:assert/strict";

export const site = process.argv[2] ?? "";
export const mark = `typed ${crypto.randomUUID()}`;
export const MISSING = Number.MAX_SAFE_INTEGER;
const MILLISECONDS = 120_000;

/** Prints a request with the status of its response. */
export function note(request: Request, response: Response): void {
  console.log(JSON.stringify([request.method, new URL(request.url).pathname, response.status]));
}

/** The body of a successful response. */
export function ok<T>(answer: { data?: T; error?: unknown }): NonNullable<T> {
  assert(answer.data !== undefined && answer.data !== null, JSON.stringify(answer.error));
  return answer.data;
}

/** The problem of an unsuccessful response. */
export function problemOf<E>(answer: { data?: unknown; error?: E }): NonNullable<E> {
  assert(answer.error !== undefined && answer.error !== null, JSON.stringify(answer.data));
  return answer.error;
}

export function lines<T>(text: string): T[] {
  return text
    .split("\n")
    .filter((line) => line)
    .map((line): T => JSON.parse(line));
}

export function header(answer: { response?: Response }, name: string): string {
  const value = answer.response?.headers.get(name);
  assert(value, `no ${name}`);
  return value;
}

export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Buffer.from(digest).toString("hex");
}

/** The cursor in the URL of another page. */
export function cursorOf(next: string | null): string | undefined {
  return next === null ? undefined : (new URL(next).searchParams.get("cursor") ?? undefined);
}

/** The id of a proposal, made as an agent makes one. */
export async function proposed(change: Record<string, unknown>): Promise<number> {
  const params = { name: "propose_operation", arguments: { ...change, reason: "a test" } };
  const response = await fetch(`${site}/mcp/`, {
    method: "POST",
    headers: { Accept: "application/json, text/event-stream", "Content-Type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  });
  const answer: { result: { structuredContent: { proposal: { id: number } } } } = await response.json();
  return answer.result.structuredContent.proposal.id;
}

/** Follows the feed from a cursor until it has reported all `ids`. */
export async function untilReported(
  ids: number[],
  begin: string,
  ask: (after: string) => Promise<{ reported: number[]; cursor: string }>,
): Promise<void> {
  const missing = new Set(ids);
  const end = Date.now() + MILLISECONDS;
  for (let after = begin; missing.size > 0; ) {
    assert(Date.now() < end, `not reported: ${[...missing]}`);
    const { reported, cursor } = await ask(after);
    for (const id of reported) missing.delete(id);
    after = cursor;
  }
}
