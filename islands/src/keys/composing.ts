/**
 * Whether a key belongs to an input method, which composes a character out of several: then it is no command. Safari says
 * that the composition is over before it sends the key that ended it, under this code.
 */
export function isComposing({ isComposing: now, keyCode }: KeyboardEvent): boolean {
  return now || keyCode === 229;
}
