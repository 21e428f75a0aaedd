/** JSON without loss: an id may be larger than a JavaScript number can hold, and is text on every page. */

/** A whole string, or a number that begins outside of one. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_INTEGER = /^-?\d{16,}$/;

/** As `JSON.parse`, but an integer of more than 15 digits comes as text. Throws SyntaxError. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text.replace(TOKEN, (token) => (LONG_INTEGER.test(token) ? `"${token}"` : token)));
}

/** A job's id as text, whether it came as a number or as one that was too long for it. */
export function idText(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  return isId(value) ? value : undefined;
}

/** What may stand in an address, a selector and a body as it is: digits, and nothing else. */
export function isId(value: unknown): value is string {
  return typeof value === "string" && /^[1-9]\d{0,18}$/.test(value);
}
