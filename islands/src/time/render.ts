/** Renders times into the page. Writes only what differs from the current text. */
import { type Absolute, absolute } from "./absolute";
import { setText, textElement } from "./managed-text";
import { ago, duration } from "./relative";

/** The current time, the displayed time zone, and the current date in it. */
export interface RenderContext {
  now: number;
  zone: string;
  today: string;
}

export const TIMES = "time[datetime]";
export const DURATIONS = "[data-lasting]";
/** Spans of time in the chart: `Sun 13:40–13:55`. */
export const SPANS = "[data-from][data-to]";
export const ZONES = "[data-zone], [data-zone-name]";

const DAY_MS = 86_400_000;
/** A complete timestamp with a zone. Dates, times of day and timestamps without a zone are left alone. */
const TIMESTAMP = /^\d{4,}-\d\d-\d\dT.+(Z|[+-]\d\d:?\d\d)$/;

interface Shown {
  source: string;
  day: string;
  zone: string;
  /** The element with the text that changes over time, and that text. */
  element: HTMLElement;
  text: string;
  /** A tick of the chart, or another time that is shown without its age. */
  isTick: boolean;
  at: number;
}
const shown = new WeakMap<Element, Shown>();

/**
 * Renders the age and the absolute time. Returns for how many milliseconds they are valid; infinity for a value that is
 * not a timestamp and is left alone.
 */
export function renderTime(element: HTMLElement, { now, zone, today }: RenderContext): number {
  const source = element.getAttribute("datetime") ?? "";
  const old = shown.get(element);
  const fresh = old?.source === source && old.day === today && old.zone === zone && element.contains(old.element);
  const at = fresh ? old.at : TIMESTAMP.test(source) ? Date.parse(source) : Number.NaN;
  if (Number.isNaN(at)) return Number.POSITIVE_INFINITY;
  const { text, validFor } = ago(at, now);
  if (fresh) {
    if (!old.isTick && old.text !== text) {
      old.text = text;
      old.element.textContent = text;
    }
    return old.isTick ? Number.POSITIVE_INFINITY : validFor;
  }
  const exact = absolute(at, zone, today);
  const tick = asTick(element, exact);
  const isTick = tick !== undefined;
  const own = textElement(isTick ? "tick" : "ago", tick ?? text);
  if (isTick) element.replaceChildren(own);
  else fill(element, own, exact);
  element.title = `${exact.full} ${exact.zone}`;
  shown.set(element, { source, day: today, zone, at, element: own, text, isTick });
  return isTick ? Number.POSITIVE_INFINITY : validFor;
}

function asTick({ dataset }: HTMLElement, at: Absolute): string | undefined {
  const show = dataset["show"];
  if (show === "moment") return at.full;
  return show === "clock" || show === "date" || show === "weekday" ? at[show] : undefined;
}

/** The span is the element's text, or precedes `data-words` in the spoken value of a slider. */
export function renderSpan(element: HTMLElement, { zone, today }: RenderContext): void {
  const { from = "", to = "", show, words } = element.dataset;
  if (!TIMESTAMP.test(from) || !TIMESTAMP.test(to)) return;
  const [start, end] = [absolute(Date.parse(from), zone, today), absolute(Date.parse(to), zone, today)];
  const form = show === "weekday" ? show : "clock";
  const isLong = Date.parse(to) - Date.parse(from) >= DAY_MS;
  const text = `${start[form]}–${isLong ? end[form] : end.clock}`;
  if (words === undefined) setText(element, text);
  else if (element.getAttribute("aria-valuetext") !== `${text}: ${words}`)
    element.setAttribute("aria-valuetext", `${text}: ${words}`);
}

/** Shows the age, or the short form in its place; screen readers and copied text always get the complete one. */
function fill(element: HTMLElement, relative: HTMLElement, at: Absolute): void {
  if (element.dataset["show"] === "full") {
    element.replaceChildren(textElement("at", at.full), " ", relative);
    return;
  }
  const short = textElement("at short", at.short);
  short.setAttribute("aria-hidden", "true");
  element.replaceChildren(relative, " ", short, textElement("visually-hidden", at.sortable));
}

export function renderDuration(element: HTMLElement, now: number): number {
  const since = Date.parse(element.dataset["lasting"] ?? "");
  if (Number.isNaN(since)) return Number.POSITIVE_INFINITY;
  const { text, validFor } = duration(since, now);
  setText(element, text);
  return validFor;
}

/** Headings show `local` or `UTC`, prose the zone's name. */
export function renderZone(element: HTMLElement, zone: string): void {
  setText(element, "zoneName" in element.dataset || zone === "UTC" ? zone : "local");
}
