/** What can be written where the caret is. */
import type { StatusType } from "../api/types";
import { dateBefore, dateWords, daysWords, firstOfMonth, type Today, thisMonday } from "./days";
import type { Field, Grammar, Value } from "./grammar";
import { type Spot, spotAt } from "./spot";

export interface Suggestion {
  label: string;
  words: string;
  status?: StatusType | undefined;
  isRecent?: true;
  /** What it writes, and in place of what. */
  text: string;
  start: number;
  end: number;
  /** A value follows: it is suggested at once. Otherwise a space is written. */
  isOpen: boolean;
}

export interface Typed {
  text: string;
  caret: number;
  /** Asked for by a key, so that there are suggestions for any next word, too. */
  isAsked?: boolean;
  recent: readonly string[];
  today: Today;
}

const MAX = 16;
const MAX_DATES = 5;
/** Shorter words are not compared with values, which may belong to any field. */
const MIN_VALUE = 2;
/** Fewer letters may begin too many other words. */
const MIN_SYNONYM = 3;

export function suggest(typed: Typed, grammar: Grammar): Suggestion[] {
  const spot = spotAt(typed.text, typed.caret, grammar);
  const recent = recentSearches(typed);
  if (!spot || (isBetweenWords(spot) && typed.text.trim() !== "" && !typed.isAsked)) return recent;
  const found = spot.field ? values(spot, spot.field, typed.today) : words(spot, grammar, typed.today);
  return [...recent, ...found].slice(0, MAX);
}

/** Nothing has been begun here. */
function isBetweenWords({ typed, field, isExcluded }: Spot): boolean {
  return typed === "" && !field && !isExcluded;
}

/** While the field is empty, and those that begin with all of its text. */
function recentSearches({ text, caret, recent }: Typed): Suggestion[] {
  const typed = text.trimStart().toLowerCase();
  const found = caret === text.length ? recent.filter((search) => search.toLowerCase().startsWith(typed)) : [];
  return found
    .filter((search) => search.toLowerCase() !== typed.trimEnd())
    .map((search) => ({
      label: search,
      words: "Recent search",
      isRecent: true,
      text: search,
      start: 0,
      end: text.length,
      isOpen: false,
    }));
}

/** Fields, operators, and values of any field. */
function words(spot: Spot, { fields, operators }: Grammar, today: Today): Suggestion[] {
  const word = spot.typed.toLowerCase();
  const sign = spot.isExcluded ? "-" : "";
  const named = fields.filter((field) => isNamed(field, word, spot));
  const ofFields = named.map(({ name, words: about }) => ({
    ...place(spot, `${name}:`),
    label: `${sign}${name}:`,
    words: about,
    isOpen: true,
  }));
  const ofValues = word.length < MIN_VALUE ? [] : fields.flatMap((field) => valuesOfWord(spot, field, sign, today));
  const others = spot.isExcluded ? [] : operators.filter(({ value }) => isOperator(value, spot));
  const ofOperators = others.map(({ value, words: about }) => ({
    ...place(spot, value),
    label: value,
    words: about,
    isOpen: !isWord(value),
  }));
  return [...ofFields, ...ofValues, ...ofOperators];
}

/** Not at the end of the field's own name, before its colon. */
function isNamed({ name, synonyms = [] }: Field, word: string, { start, end }: Spot): boolean {
  if (name === word && end - start > word.length) return false;
  return [name, ...(word.length < MIN_SYNONYM ? [] : synonyms)].some((each) => each.startsWith(word));
}

/** `failed` may mean `status:failed`. Part of a synonym is more likely part of a name. */
function valuesOfWord(spot: Spot, field: Field, sign: string, today: Today): Suggestion[] {
  const word = spot.typed.toLowerCase();
  const found = (field.values ?? []).filter(
    ({ value, synonyms = [] }) => isWord(value) && (value.startsWith(word) || synonyms.includes(word)),
  );
  return found.map((value) => {
    const suggestion = ofValue(spot, value, today);
    const term = `${field.name}:${suggestion.text}`;
    return { ...suggestion, text: term, label: `${sign}${term}` };
  });
}

/** A word stands between terms, a sign before one. */
function isOperator(value: string, { typed, isAfterTerm }: Spot): boolean {
  return (isAfterTerm || !isWord(value)) && value.toLowerCase().startsWith(typed.toLowerCase()) && value !== typed;
}

const isWord = (value: string) => /^\w/.test(value);

/** The values of the field that begin with what is typed; one that is typed completely is left out. */
function values(spot: Spot, field: Field, today: Today): Suggestion[] {
  const typed = spot.typed.toLowerCase();
  const begun = [...declared(field, typed), ...amounts(field, typed), ...dates(field, typed, today)];
  const found = begun.filter(({ value }) => !spot.others.includes(value));
  const unique = found.filter(({ value }, at) => found.findIndex((other) => other.value === value) === at);
  return unique.filter(({ value }) => value !== typed).map((value) => ofValue(spot, value, today));
}

/** Those with a synonym that begins so, only if no value does: as the server corrects them. */
function declared({ values: all = [] }: Field, typed: string): readonly Value[] {
  const begun = all.filter(({ value }) => value.startsWith(typed));
  return begun.length > 0 ? begun : all.filter(({ synonyms = [] }) => synonyms.some((each) => each.startsWith(typed)));
}

/** `<3`: `<3s`, `<3m` and so on. */
function amounts({ amounts: patterns = [] }: Field, typed: string): Value[] {
  const [, number = ""] = /^\D*(\d{1,5})[a-z]?$/.exec(typed) ?? [];
  if (Number(number) === 0) return [];
  return patterns
    .map(({ value, one, many }) => ({
      value: value.replace("#", number),
      words: number === "1" ? one : many.replace("#", number),
    }))
    .filter(({ value }) => value.startsWith(typed));
}

/** After a sign: today, this week, this month. As soon as a date is begun: the last days and months. */
function dates({ dates: patterns = [] }: Field, typed: string, today: Today): Value[] {
  const [, sign = "", date = ""] = /^([<>]=?|)(.*)$/.exec(typed) ?? [];
  const around = [dateBefore(today, 0), thisMonday(today), firstOfMonth(today)];
  const last = [...around, ...Array.from({ length: 14 }, (_, days) => dateBefore(today, days + 1))];
  const wanted = date ? last.filter((each) => each.startsWith(date)) : around;
  const signs = sign || date ? [sign, `${sign}=`] : [">="];
  const found = patterns.filter(({ value }) => signs.includes(value.slice(0, -1)));
  const shown = sign || date ? wanted.slice(0, MAX_DATES) : [firstOfMonth(today)];
  return shown.flatMap((each) =>
    found.slice(0, date ? 1 : 2).map(({ value, words: about }) => ({
      value: value.replace("#", each),
      words: about.replace("#", `${dateWords(each)} (${today.zone})`),
    })),
  );
}

function ofValue(spot: Spot, { value, words: about, status, days }: Value, today: Today): Suggestion {
  const words = days ? `${daysWords(days, today)} (${today.zone})` : (about ?? "");
  return { ...place(spot, value), label: value, words, status, isOpen: false };
}

const place = ({ start, end }: Spot, text: string) => ({ text, start, end });
