/** When to ask again. Pure: the situation in, milliseconds out. */

/** While somebody watches and things change. */
export const BRISK = 3_000;
/** While nothing changes, or nobody is at the page. */
export const CALM = 15_000;
export const HIDDEN = 60_000;
/** So long without a change, or without a hand on the page, and it is calm. */
export const SETTLED = 60_000;
/** Hidden for longer, a page asks no more until it is looked at. */
const ASLEEP = 30 * 60_000;
const LONGEST = 120_000;
/** A slow server is left alone for so many times as long as it took. */
const RESPITE = 10;
/** So many failures in a row are said. */
export const TOO_MANY = 3;

export interface Situation {
  /** Milliseconds since the page was hidden; undefined while it is visible. */
  hiddenFor: number | undefined;
  /** Since somebody touched the page, and since an answer brought something. */
  untouchedFor: number;
  unchangedFor: number;
  /** The delay before. */
  lastDelay: number;
  /** How long the last answer took, and how long the server asks to be left alone. */
  took: number;
  askedFor: number;
  /** In a row. */
  failures: number;
}

/** Milliseconds; undefined for not at all. `chance` from 0 to 1 keeps a thousand tabs from asking in step. */
export function nextDelay(situation: Situation, chance: number): number | undefined {
  const wanted = ownPace(situation);
  if (wanted === undefined) return undefined;
  const least = Math.max(situation.askedFor, Math.min(situation.took * RESPITE, LONGEST));
  return Math.max(wanted, least) * (0.9 + 0.2 * chance);
}

function ownPace({ hiddenFor, untouchedFor, unchangedFor, lastDelay, failures }: Situation): number | undefined {
  if (hiddenFor !== undefined) return hiddenFor > ASLEEP ? undefined : HIDDEN * Math.min(2 ** failures, 2);
  if (failures > 0) return Math.min(BRISK * 2 ** failures, LONGEST);
  if (untouchedFor < SETTLED && unchangedFor < SETTLED) return BRISK;
  return Math.min(Math.max(lastDelay, BRISK) * 1.5, CALM);
}
