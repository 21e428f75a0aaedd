import { MAX_NAME_LENGTH } from "../api/client";

/** Invisible characters: default-ignorable code points, control characters, whitespace, annotation marks. */
const INVISIBLE =
  /^[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Z}\u2800\ufff9-\ufffb\u{13430}-\u{1343f}\u{13441}\u{13442}\u{1d159}]*$/u;

/** Why a trimmed name is invalid, as a sentence; undefined if it is valid. Counts code points, as the server does. */
export function nameError(name: string): string | undefined {
  if (name === "") return "Enter a name.";
  if (INVISIBLE.test(name)) return "Enter a name with at least one visible character.";
  const length = [...name].length;
  return length > MAX_NAME_LENGTH ? `Use ${MAX_NAME_LENGTH} characters or fewer (currently ${length}).` : undefined;
}
