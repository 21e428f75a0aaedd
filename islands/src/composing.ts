/**
 * Whether the key event belongs to an input method that is composing text. Safari ends the composition before it sends
 * the key that ended it, with key code 229.
 */
export function isComposing({ isComposing: now, keyCode }: KeyboardEvent): boolean {
  return now || keyCode === 229;
}
