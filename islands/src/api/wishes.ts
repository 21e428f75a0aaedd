/**
 * One key for one wish. While nobody knows whether a wish was granted, because no answer came, the same wish again has
 * the same key: the server does it once and answers alike. Kept as long as the page.
 */
interface Wish {
  key: string;
  /** The jobs it is about; NEW_JOB for one that is not there yet. */
  about: readonly string[];
  seen: string;
  /** An attempt may have been done. */
  isDoubted: boolean;
}

/** What a creation is about. */
export const NEW_JOB = "new";

const open = new Map<string, Wish>();

/**
 * `request` is all that is sent. `seen` is what the page showed of the jobs meanwhile: who has seen that it was not done,
 * or undone by others, wishes anew. Undefined where what is wished for is what is shown. Another wish about one of the
 * jobs ends those before: they are not meant any more.
 */
export function keyFor(request: string, about: readonly string[], seen?: string): string {
  const old = open.get(request);
  for (const [other, wish] of open) {
    if (other !== request && wish.about.some((id) => about.includes(id))) open.delete(other);
  }
  if (old && (seen === undefined || old.seen === seen)) return old.key;
  const key = newKey();
  open.set(request, { key, about, seen: seen ?? "", isDoubted: false });
  return key;
}

/** An attempt ended without its outcome being known. */
export function doubt(request: string): void {
  const wish = open.get(request);
  if (wish) wish.isDoubted = true;
}

/** Whether an attempt before may have been done. */
export function isDoubted(request: string): boolean {
  return open.get(request)?.isDoubted === true;
}

/** It is known what became of it. */
export function settle(request: string): void {
  open.delete(request);
}

/** `crypto.randomUUID` is missing where the page is served without TLS. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `"${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
}
