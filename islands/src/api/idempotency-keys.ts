/**
 * Idempotency keys of changes without a known outcome. Until the outcome of a request is known, the same request reuses
 * its key, so the server applies it once and repeats the response. Keys are kept for the lifetime of the page.
 */
interface PendingChange {
  key: string;
  /** The jobs that the request changes, or NEW_JOB. */
  jobIds: readonly string[];
  shownVersions: string;
  /** An attempt may have succeeded. */
  isOutcomeUnknown: boolean;
}

/** Stands for the id of a job to create. */
export const NEW_JOB = "new";

const pending = new Map<string, PendingChange>();

/**
 * `request` is the method, URL and body. `shownVersions` are the versions of the jobs that the page shows: if the user
 * has seen others since, the same change is a new request with a new key. Undefined if the page already shows what is
 * asked for. Another change of the same jobs supersedes earlier ones and discards their keys.
 */
export function idempotencyKeyFor(request: string, jobIds: readonly string[], shownVersions?: string): string {
  const existing = pending.get(request);
  for (const [other, change] of pending) {
    if (other !== request && change.jobIds.some((id) => jobIds.includes(id))) pending.delete(other);
  }
  if (existing && (shownVersions === undefined || existing.shownVersions === shownVersions)) return existing.key;
  const key = newKey();
  pending.set(request, { key, jobIds, shownVersions: shownVersions ?? "", isOutcomeUnknown: false });
  return key;
}

/** An attempt ended with an unknown outcome. */
export function markOutcomeUnknown(request: string): void {
  const change = pending.get(request);
  if (change) change.isOutcomeUnknown = true;
}

/** Whether an earlier attempt may have succeeded. */
export function hasUnknownOutcome(request: string): boolean {
  return pending.get(request)?.isOutcomeUnknown === true;
}

/** The outcome is known: discards the key. */
export function settle(request: string): void {
  pending.delete(request);
}

/** Not `crypto.randomUUID`, which is missing on pages served without TLS. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `"${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
}
