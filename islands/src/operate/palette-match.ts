/** Ranks items by how well they match what was typed. */
import { fold } from "./fold";
import type { PaletteItem } from "./palette-item";
import { synonymsOf } from "./palette-words";

/** How well a typed word matches; lower is better. A whole word is better than a beginning, which may go on otherwise. */
const LABEL_WORD = 0;
const OTHER_WORD = 1;
const LABEL_START = 2;
const OTHER_START = 3;
/** Of matches by initials, which are worse than those by whole words or their beginnings. */
const INITIALS = 1_000;
/** Makes the position of the first match in the label decide only between equal matches. */
const WEIGHT = 100;
/** The typed words follow each other in the label: "z to a", not "a to z". */
const SAME_ORDER = -50;
const WHOLE_LABEL = -100;

/** Both best first; equal matches keep their order. Loose ones match only by initials, as `sr` matches Set to Running. */
export interface Matches {
  close: PaletteItem[];
  loose: PaletteItem[];
}

export function matchItems(items: readonly PaletteItem[], text: string): Matches {
  const ranked = items
    .map((item) => ({ item, score: score(item, text) }))
    .filter(({ score }) => score < Number.POSITIVE_INFINITY)
    .sort((one, other) => one.score - other.score);
  return {
    close: ranked.filter(({ score }) => score < INITIALS).map(({ item }) => item),
    loose: ranked.filter(({ score }) => score >= INITIALS).map(({ item }) => item),
  };
}

/** Infinite if the item does not match. Each typed word has to match a different one of the item's words. */
function score(item: PaletteItem, text: string): number {
  const typed = wordsOf(text);
  const label = wordsOf(item.label);
  if (typed.length === 0) return Number.POSITIVE_INFINITY;
  const [phrase, whole] = [` ${typed.join(" ")}`, ` ${label.join(" ")}`];
  if (phrase === whole) return WHOLE_LABEL;
  // The group of these is the name of their job: who types a name looks for the job, and not for what changes it.
  const group = item.isForJobs ? "" : item.group;
  const others = wordsOf(`${group} ${item.words ?? ""} ${synonymsOf(item.label)}`);
  const scores = typed.map((word) => wordScore(word, label, others));
  const sum = scores.reduce((one, other) => one + other, 0);
  if (sum === Number.POSITIVE_INFINITY) return typed.length === 1 ? initialsScore(typed[0] ?? "", label) : sum;
  const at = label.findIndex((word) => typed.some((start) => word.startsWith(start)));
  const position = item.isForSelection ? 0 : at < 0 ? label.length : at;
  // The average, so that the number of typed words does not matter.
  const order = typed.length > 1 && whole.includes(phrase) ? SAME_ORDER : 0;
  return (sum / typed.length) * WEIGHT + Math.min(position, -SAME_ORDER - 1) + order;
}

function wordScore(word: string, label: readonly string[], others: readonly string[]): number {
  if (label.includes(word)) return LABEL_WORD;
  if (others.includes(word)) return OTHER_WORD;
  if (label.some((one) => one.startsWith(word))) return LABEL_START;
  return others.some((one) => one.startsWith(word)) ? OTHER_START : Number.POSITIVE_INFINITY;
}

function initialsScore(typed: string, label: readonly string[]): number {
  return label.some((_, start) => isMadeOf(typed, label.slice(start))) ? INITIALS : Number.POSITIVE_INFINITY;
}

/** Whether the text consists of the beginnings of these words, in their order, from the first one on. Words may be left out. */
function isMadeOf(text: string, words: readonly string[]): boolean {
  if (text === "") return true;
  const [first, ...rest] = words;
  if (first === undefined || !first.startsWith(text[0] ?? "")) return false;
  for (let length = 1; text.slice(0, length) === first.slice(0, length) && length <= text.length; length += 1) {
    const left = text.slice(length);
    if (left === "" || rest.some((_, skipped) => isMadeOf(left, rest.slice(skipped)))) return true;
    if (length >= first.length) break;
  }
  return false;
}

export function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}
