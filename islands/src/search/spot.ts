/** The part of a search that the caret is in. Tokens are those of jobs/search/tokens.py. */
import { type Field, fieldNamed, type Grammar } from "./grammar";

export interface Spot {
  /** What a suggestion replaces. */
  start: number;
  end: number;
  /** From the start to the caret. */
  typed: string;
  /** Whether the term is excluded. */
  isExcluded: boolean;
  /** Of the value that the spot is in; undefined for a word or the name of a field. */
  field?: Field;
  /** The other values of a list, in lower case. */
  others: readonly string[];
  /** Whether there is a term before this one. */
  isAfterTerm: boolean;
}

const PREFIX = /(-?)([a-z]{2,12}):/iy;
const EXCLUDES = /-(?=[^\W\d_]|["“]|\p{L}|$)/uy;
const QUOTED = /"(?:\\.|[^"\\])*(?:"|\\?$)|“[^”]*(?:”|$)/sy;
const BARE = /\S*/y;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Undefined in quotes, and in a sign. */
export function spotAt(text: string, caret: number, grammar: Grammar): Spot | undefined {
  let isAfterTerm = false;
  for (let at = 0; at < text.length && at <= caret; ) {
    if (/\s/.test(text[at] ?? "")) {
      at += 1;
      continue;
    }
    const prefix = matchAt(PREFIX, text, at);
    const field = prefix?.[2] ? fieldNamed(prefix[2], grammar) : undefined;
    const sign = (field ? prefix?.[1] : matchAt(EXCLUDES, text, at)?.[0]) ?? "";
    const wordStart = at + sign.length;
    const valueStart = field && prefix ? at + prefix[0].length : wordStart;
    const quoted = matchAt(QUOTED, text, valueStart);
    const end = valueStart + (quoted ?? matchAt(BARE, text, valueStart) ?? [""])[0].length;
    if (caret <= end) {
      const isExcluded = sign !== "";
      const part = (start: number, stop: number) =>
        ({ start, end: stop, typed: text.slice(start, caret), isExcluded, others: [], isAfterTerm }) as const;
      if (caret < wordStart) return undefined;
      // Also of one that is misspelled: its value stays.
      const colon = prefix ? at + prefix[0].length : 0;
      if (caret < colon) return part(wordStart, colon);
      if (quoted) return undefined;
      return field ? { ...valueAt(text, caret, valueStart, end, field, part), field } : part(wordStart, end);
    }
    isAfterTerm = true;
    at = end;
  }
  return { start: caret, end: caret, typed: "", isExcluded: false, others: [], isAfterTerm };
}

/** The whole value, or the one of a list that the caret is in. */
function valueAt(
  text: string,
  caret: number,
  from: number,
  to: number,
  { isList }: Field,
  part: (start: number, end: number) => Spot,
): Spot {
  if (!isList) return part(from, to);
  const start = Math.max(from, text.lastIndexOf(",", caret - 1) + 1);
  const comma = text.indexOf(",", caret);
  const end = comma < 0 ? to : Math.min(to, comma);
  const others = `${text.slice(from, start)},${text.slice(end, to)}`.toLowerCase().split(",").filter(Boolean);
  return { ...part(start, end), others };
}
