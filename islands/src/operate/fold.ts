/** What is typed without accents finds what is written with them, in any case: `rene` finds René, `STRASSE` Straße. */
const MARKS = /\p{M}/gu;

/** To upper case first, as ß, dotless i and the final sigma then become what they are in other positions. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(MARKS, "").toUpperCase().toLowerCase().replaceAll("ς", "σ");
}
