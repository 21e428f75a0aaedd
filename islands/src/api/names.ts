/** Names of jobs: which are valid, and how they are written within a text. */

/** Of a job's name, in characters. */
export const MAX_NAME_LENGTH = 255;

/** Invisible characters: default-ignorable code points, control characters, whitespace, annotation marks. */
const INVISIBLE =
  /^[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Z}\u2800\ufff9-\ufffb\u{13430}-\u{1343f}\u{13441}\u{13442}\u{1d159}]*$/u;

/** Why a trimmed name is invalid, as a sentence; undefined if it is valid. Counts code points, as the server does. */
export function nameError(name: string, max = MAX_NAME_LENGTH): string | undefined {
  if (name === "") return "Enter a name.";
  if (INVISIBLE.test(name)) return "Enter a name with at least one visible character.";
  const length = [...name].length;
  return length > max ? `Use ${max} characters or fewer (currently ${length}).` : undefined;
}

/** Letters written from right to left, and controls of the direction: the text around them could change its order. */
const CHANGES_DIRECTION =
  /[\p{Bidi_Control}\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** What ends a paragraph for the bidirectional algorithm, and with it an isolation. */
const PARAGRAPH_ENDS = /[\p{Cc}\u2029]/gu;
const OPENING = /[\u2066-\u2068]/;
const CLOSING = "\u2069";

/**
 * The name as a part of a text, a title or an announcement: between U+2068 and U+2069 if it could change the order of the
 * text around it. Nothing in the name ends the isolation early. `isolated` in jobs/names.py does the same.
 */
export function isolate(name: string): string {
  const line = name.replace(PARAGRAPH_ENDS, " ");
  if (!CHANGES_DIRECTION.test(line)) return line;
  let depth = 0;
  let inside = "";
  for (const character of line) {
    if (character === CLOSING && depth === 0) continue;
    if (OPENING.test(character)) depth += 1;
    else if (character === CLOSING) depth -= 1;
    inside += character;
  }
  return `\u2068${inside}${CLOSING.repeat(depth + 1)}`;
}
