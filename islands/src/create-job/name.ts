const MAX_LENGTH = 255;
/** What a reader cannot see: what Unicode lets be ignored, control characters, blanks, marks around annotations. */
const INVISIBLE =
  /^[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Z}\u2800\ufff9-\ufffb\u{13430}-\u{1343f}\u{13441}\u{13442}\u{1d159}]*$/u;

/** What is wrong with a trimmed name, as a sentence; undefined when nothing is. Counts code points, as the server does. */
export function nameError(name: string): string | undefined {
  if (name === "") return "Enter a name.";
  if (INVISIBLE.test(name)) return "Enter a name that can be seen: this one has no visible character.";
  const length = [...name].length;
  return length > MAX_LENGTH ? `Use at most ${MAX_LENGTH} characters; this has ${length}.` : undefined;
}
