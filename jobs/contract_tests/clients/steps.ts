/** What both TypeScript programs share: how they say what they asked, and how they read answers. */
import assert from "node:assert/strict";

export const site = process.argv[2] ?? "";
export const mark = `typed ${crypto.randomUUID()}`;
export const MISSING = Number.MAX_SAFE_INTEGER;
const MILLISECONDS = 120_000;

/** Prints a request and the status of its answer. */
export function note(request: Request, response: Response): void {
  console.log(JSON.stringify([request.method, new URL(request.url).pathname, response.status]));
}

/** What a call answers that went well. */
export function good<T>(answer: { data?: T; error?: unknown }): NonNullable<T> {
  assert(answer.data !== undefined && answer.data !== null, JSON.stringify(answer.error));
  return answer.data;
}

/** What a call answers that did not. */
export function refused<E>(answer: { data?: unknown; error?: E }): NonNullable<E> {
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

/** The cursor in the address of another page. */
export function cursorOf(next: string | null): string | undefined {
  return next === null ? undefined : (new URL(next).searchParams.get("cursor") ?? undefined);
}

/** Asks until `ids` have all been told of, from a cursor to the next. */
export async function untilTold(
  ids: number[],
  begin: string,
  ask: (after: string) => Promise<{ told: number[]; cursor: string }>,
): Promise<void> {
  const missing = new Set(ids);
  const end = Date.now() + MILLISECONDS;
  for (let after = begin; missing.size > 0; ) {
    assert(Date.now() < end, `not told of ${[...missing]}`);
    const { told, cursor } = await ask(after);
    for (const id of told) missing.delete(id);
    after = cursor;
  }
}
