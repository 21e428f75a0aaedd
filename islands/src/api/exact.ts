/** Lossless JSON. Ids are 64-bit integers, which JavaScript numbers cannot hold, so the pages keep them as text. */

/** A string literal, or a number outside of one. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_INTEGER = /^-?\d{16,}$/;

/** Like `JSON.parse`, but returns integers of more than 15 digits as strings. Throws SyntaxError. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text.replace(TOKEN, (token) => (LONG_INTEGER.test(token) ? `"${token}"` : token)));
}

/** A job id as text, from a number or from a string that `parseExactly` returned. */
export function idText(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  return isId(value) ? value : undefined;
}

/** Only digits, so safe to interpolate into a URL, a selector or a JSON body. */
export function isId(value: unknown): value is string {
  return typeof value === "string" && /^[1-9]\d{0,18}$/.test(value);
}
