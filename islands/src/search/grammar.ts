/** What the search language consists of, as the server says in the page: a new field needs nothing here. */
import type { StatusType } from "../api/types";

/** Whole days: the first one relative to today, or to this week's Monday, and their number. */
export type Days = readonly [first: number, count: number, isWeek: boolean];

export interface Value {
  value: string;
  words?: string;
  /** Other words for it. */
  synonyms?: readonly string[];
  status?: StatusType;
  days?: Days;
}

/** `<#h`: the value for a number, in words for one and for more. */
interface Amount {
  value: string;
  one: string;
  many: string;
}

export interface Field {
  name: string;
  words: string;
  synonyms?: readonly string[];
  /** Commas stand between alternative values. */
  isList?: true;
  values?: readonly Value[];
  amounts?: readonly Amount[];
  /** `>=#`: the value for a date, and its words. */
  dates?: readonly { value: string; words: string }[];
}

export interface Grammar {
  fields: readonly Field[];
  operators: readonly { value: string; words: string }[];
}

let grammar: Grammar | undefined;

export function readGrammar(): Grammar {
  grammar ??= JSON.parse(document.getElementById("search-grammar")?.textContent || '{"fields":[],"operators":[]}');
  return grammar as Grammar;
}

/** The field with this name or synonym. */
export function fieldNamed(word: string, { fields }: Grammar): Field | undefined {
  const name = word.toLowerCase();
  return fields.find((field) => field.name === name || field.synonyms?.includes(name));
}
