/** The delay until the next poll, as a pure function of the state. */

/** While the page is in use and its jobs change. */
export const ACTIVE = 3_000;
/** While nothing changes, or the page is not in use. */
export const IDLE = 15_000;
export const HIDDEN = 60_000;
/** Without changes or user activity for this long, the page counts as idle. */
export const IDLE_AFTER = 60_000;
/** A page that is hidden for longer stops polling until it is visible again. */
const SUSPEND_AFTER = 30 * 60_000;
const MAX_DELAY = 120_000;
/** The delay is at least this many times the last response time, so that a slow server gets a rest. */
const RESPONSE_TIME_FACTOR = 10;
/** Consecutive failures before the page reports them. */
export const FAILURE_LIMIT = 2;
/** After the first failure, so that the page soon knows whether the server is silent or one request was lost. */
const SECOND_TRY = 1_000;

export interface PollState {
  /** Milliseconds since the page was hidden; undefined while it is visible. */
  hiddenFor: number | undefined;
  /** Milliseconds since the last user activity, and since the last update that changed something. */
  idleFor: number;
  unchangedFor: number;
  /** The previous delay. */
  lastDelay: number;
  /** The last response time, and the delay that the server asked for. */
  responseTime: number;
  minDelay: number;
  /** Consecutive failures. */
  failures: number;
}

/** In milliseconds; undefined to stop polling. `jitter`, from 0 to 1, keeps many tabs from polling in step. */
export function nextDelay(state: PollState, jitter: number): number | undefined {
  const base = baseDelay(state);
  if (base === undefined) return undefined;
  const minimum = Math.max(state.minDelay, Math.min(state.responseTime * RESPONSE_TIME_FACTOR, MAX_DELAY));
  return Math.max(base, minimum) * (0.9 + 0.2 * jitter);
}

function baseDelay({ hiddenFor, idleFor, unchangedFor, lastDelay, failures }: PollState): number | undefined {
  if (hiddenFor !== undefined) return hiddenFor > SUSPEND_AFTER ? undefined : HIDDEN * Math.min(2 ** failures, 2);
  if (failures === 1) return SECOND_TRY;
  if (failures > 1) return Math.min(ACTIVE * 2 ** failures, MAX_DELAY);
  if (idleFor < IDLE_AFTER && unchangedFor < IDLE_AFTER) return ACTIVE;
  return Math.min(Math.max(lastDelay, ACTIVE) * 1.5, IDLE);
}
