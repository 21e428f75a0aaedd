import { STATUS_TYPES, STATUSES } from "../api/statuses";
import type { StatusType } from "../api/types";

/** A longer pause starts a new word. */
const PAUSE_MS = 500;

interface Key {
  readonly key: string;
  readonly code: string;
  readonly timeStamp: number;
}

/** Finds a status by the first letters of its label. */
export class TypeAhead {
  #text = "";
  #typedAt = 0;

  /**
   * Each letter narrows the search; one that finds nothing with those before it starts a new word. The same letter again
   * finds the next status that starts with it.
   */
  find(event: Key, from: StatusType): StatusType | undefined {
    const letter = letterOf(event);
    const isNew = event.timeStamp - this.#typedAt > PAUSE_MS || this.#text === letter;
    this.#typedAt = event.timeStamp;
    const words = isNew ? [letter] : [this.#text + letter, letter];
    this.#text = words.find((word) => startingWith(word, from)) ?? "";
    return this.#text === "" ? undefined : startingWith(this.#text, from);
  }
}

/** The first one from the given status on, in a circle; a single letter goes past that status. */
function startingWith(text: string, from: StatusType): StatusType | undefined {
  const start = STATUS_TYPES.indexOf(from) + (text.length === 1 ? 1 : 0);
  const inOrder = [...STATUS_TYPES.slice(start), ...STATUS_TYPES.slice(0, start)];
  return inOrder.find((status) => STATUSES[status].label.toLowerCase().startsWith(text));
}

/** By position if the keyboard types another alphabet, like the page's shortcuts. */
function letterOf({ key, code }: Key): string {
  const position = /^Key([A-Z])$/.exec(code)?.[1];
  return (key > "\u007f" && position ? position : key).toLowerCase();
}
