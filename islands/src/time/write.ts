/** Writes times into the page: only what differs from what stands there already. */
import { type Absolute, absolute } from "./absolute";
import { ago, lasted } from "./relative";

/** Now, and the zone and the day that are shown. */
export interface Moment {
  now: number;
  zone: string;
  today: string;
}

export const TIMES = "time[datetime]";
export const DURATIONS = "[data-lasting]";
export const ZONES = "[data-zone], [data-zone-name]";

/** A moment of its own: a day, a time of day or a clock without its zone is left as it stands. */
const MOMENT = /^\d{4,}-\d\d-\d\dT.+(Z|[+-]\d\d:?\d\d)$/;

interface Shown {
  source: string;
  day: string;
  zone: string;
  ago: Text;
  at: number;
}
const shown = new WeakMap<Element, Shown>();

/**
 * Relative and absolute together. Returns after how many milliseconds it may be different; endless where it names no
 * moment, and is left as it is.
 */
export function writeTime(element: HTMLElement, { now, zone, today }: Moment): number {
  const source = element.getAttribute("datetime") ?? "";
  const old = shown.get(element);
  const fresh = old?.source === source && old.day === today && old.zone === zone && element.contains(old.ago);
  const at = fresh ? old.at : MOMENT.test(source) ? Date.parse(source) : Number.NaN;
  if (Number.isNaN(at)) return Number.POSITIVE_INFINITY;
  const { text, good } = ago(at, now);
  if (fresh) {
    if (old.ago.data !== text) old.ago.data = text;
  } else {
    const node = document.createTextNode(text);
    fill(element, node, absolute(at, zone, today));
    shown.set(element, { source, day: today, zone, at, ago: node });
  }
  return good;
}

/** What is short for the eye is whole for the ear and for a copy. */
function fill(element: HTMLElement, text: Text, at: Absolute): void {
  const relative = span("ago", text);
  element.title = `${at.full} ${at.zone}`;
  if (element.dataset["show"] === "full") {
    element.replaceChildren(span("at", at.full), " ", relative);
    return;
  }
  const short = span("at short", at.short);
  short.setAttribute("aria-hidden", "true");
  element.replaceChildren(relative, " ", short, span("visually-hidden", at.sortable));
}

export function writeDuration(element: HTMLElement, now: number): number {
  const since = Date.parse(element.dataset["lasting"] ?? "");
  if (Number.isNaN(since)) return Number.POSITIVE_INFINITY;
  const { text, good } = lasted(since, now);
  if (element.textContent !== text) element.textContent = text;
  return good;
}

/** A heading says `local` or `UTC`; a sentence the zone's name. */
export function writeZone(element: HTMLElement, zone: string): void {
  const text = "zoneName" in element.dataset || zone === "UTC" ? zone : "local";
  if (element.textContent !== text) element.textContent = text;
}

function span(name: string, content: string | Node): HTMLSpanElement {
  const element = document.createElement("span");
  element.className = name;
  element.append(content);
  return element;
}
