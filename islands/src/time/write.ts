/** Writes times into the page: only what differs from what stands there already. */
import { type Absolute, absolute } from "./absolute";
import { ownElement, writeOwn } from "./own";
import { ago, lasted } from "./relative";

/** Now, and the zone and the day that are shown. */
export interface Moment {
  now: number;
  zone: string;
  today: string;
}

export const TIMES = "time[datetime]";
export const DURATIONS = "[data-lasting]";
/** What a bar of the picture is called: `Sun 13:40 to 13:41: 3 failed`. */
export const SPANS = "title[data-from]";
export const ZONES = "[data-zone], [data-zone-name]";

/** A moment of its own: a day, a time of day or a clock without its zone is left as it stands. */
const MOMENT = /^\d{4,}-\d\d-\d\dT.+(Z|[+-]\d\d:?\d\d)$/;

interface Shown {
  source: string;
  day: string;
  zone: string;
  /** What holds the text that goes on, and that text. */
  element: HTMLElement;
  text: string;
  /** A tick stands without how long ago it was. */
  isTick: boolean;
  at: number;
}
const shown = new WeakMap<Element, Shown>();
const spans = new WeakMap<Element, { key: string; text: string }>();

/**
 * Relative and absolute together. Returns after how many milliseconds it may be different; endless where it names no
 * moment, and is left as it is.
 */
export function writeTime(element: HTMLElement, { now, zone, today }: Moment): number {
  const source = element.getAttribute("datetime") ?? "";
  const old = shown.get(element);
  const fresh = old?.source === source && old.day === today && old.zone === zone && element.contains(old.element);
  const at = fresh ? old.at : MOMENT.test(source) ? Date.parse(source) : Number.NaN;
  if (Number.isNaN(at)) return Number.POSITIVE_INFINITY;
  const { text, good } = ago(at, now);
  if (fresh) {
    if (!old.isTick && old.text !== text) {
      old.text = text;
      old.element.textContent = text;
    }
    return old.isTick ? Number.POSITIVE_INFINITY : good;
  }
  const exact = absolute(at, zone, today);
  const tick = asTick(element, exact);
  const isTick = tick !== undefined;
  const own = ownElement(isTick ? "tick" : "ago", tick ?? text);
  if (isTick) element.replaceChildren(own);
  else fill(element, own, exact);
  element.title = `${exact.full} ${exact.zone}`;
  shown.set(element, { source, day: today, zone, at, element: own, text, isTick });
  return isTick ? Number.POSITIVE_INFINITY : good;
}

function asTick({ dataset }: HTMLElement, at: Absolute): string | undefined {
  const show = dataset["show"];
  return show === "clock" || show === "date" || show === "weekday" ? at[show] : undefined;
}

export function writeSpan(element: Element, { zone, today }: Moment): void {
  const [from, to] = [element.getAttribute("data-from") ?? "", element.getAttribute("data-to") ?? ""];
  const key = `${from} ${to} ${zone}`;
  const old = spans.get(element);
  if (element.firstElementChild) return; // another's words by now
  const standing = element.textContent ?? "";
  if ((old?.key === key && old.text === standing) || !MOMENT.test(from) || !MOMENT.test(to)) return;
  const [start, end] = [absolute(Date.parse(from), zone, today), absolute(Date.parse(to), zone, today)];
  const text = `${start.weekday} to ${end.clock}${standing.slice(standing.indexOf(": "))}`;
  if (standing !== text) element.textContent = text;
  spans.set(element, { key, text });
}

/** What is short for the eye is whole for the ear and for a copy. */
function fill(element: HTMLElement, relative: HTMLElement, at: Absolute): void {
  if (element.dataset["show"] === "full") {
    element.replaceChildren(ownElement("at", at.full), " ", relative);
    return;
  }
  const short = ownElement("at short", at.short);
  short.setAttribute("aria-hidden", "true");
  element.replaceChildren(relative, " ", short, ownElement("visually-hidden", at.sortable));
}

export function writeDuration(element: HTMLElement, now: number): number {
  const since = Date.parse(element.dataset["lasting"] ?? "");
  if (Number.isNaN(since)) return Number.POSITIVE_INFINITY;
  const { text, good } = lasted(since, now);
  writeOwn(element, text);
  return good;
}

/** A heading says `local` or `UTC`; a sentence the zone's name. */
export function writeZone(element: HTMLElement, zone: string): void {
  writeOwn(element, "zoneName" in element.dataset || zone === "UTC" ? zone : "local");
}
