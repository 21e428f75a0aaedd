/** Reads the chart out: the bar under the pointer or at the slider, or the sums of a range. */
import { STATUSES } from "../api/statuses";
import type { StatusType } from "../api/types";
import { isComposing } from "../composing";
import { h } from "../dom";
import { onHtmx } from "./htmx-events";

const STEPS: Record<string, number> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};
const SLIDER_ID = "activity-slider";
const DAY_MS = 86_400_000;

/** The numbers of the chart, from its `data-chart`: when its first bar starts, and how long each one is, in ms. */
interface Chart {
  start: number;
  step: number;
  counts: [StatusType, number[]][];
  length: number;
}

/** Places of bars, both included. */
type Span = [first: number, last: number];

/** Times of bars, not places, because bars move to the left as time passes. */
let selected: { anchor: number; head: number; step: number } | undefined;
let hovered: number | undefined;
let isDragging = false;

let parsed: { source: string; chart: Chart } | undefined;

function currentChart(): Chart | undefined {
  const source = document.querySelector<HTMLElement>("#activity [data-chart]")?.dataset["chart"];
  if (source === undefined) return undefined;
  if (parsed?.source !== source) parsed = { source, chart: parse(source) };
  return parsed.chart;
}

function parse(source: string): Chart {
  const { start, step, counts } = JSON.parse(source) as {
    start: string;
    step: number;
    counts: Record<StatusType, number[]>;
  };
  const entries = Object.entries(counts) as Chart["counts"];
  return { start: Date.parse(start), step, counts: entries, length: entries[0]?.[1].length ?? 0 };
}

function placeOf(time: number, { start, step, length }: Chart): number {
  return Math.min(Math.max(Math.floor((time - start) / step), 0), length - 1);
}

/** The bar that the slider is at: the selected one, or the newest that is not empty. */
function head(chart: Chart): number {
  if (selected) return placeOf(selected.head, chart);
  const counted = Array.from({ length: chart.length }, (_, place) => chart.counts.some(([, all]) => all[place]));
  return Math.max(counted.lastIndexOf(true), 0);
}

function selection(chart: Chart): Span {
  const places = [selected ? placeOf(selected.anchor, chart) : head(chart), head(chart)];
  return [Math.min(...places), Math.max(...places)];
}

function select(chart: Chart, place: number, extend: boolean): void {
  const time = chart.start + place * chart.step;
  const anchor = extend ? (selected?.anchor ?? chart.start + head(chart) * chart.step) : time;
  selected = { anchor, head: time, step: chart.step };
}

/** Drops a selection that has left the chart, or that was made in bars of another length. */
function dropSelection(chart: Chart): void {
  if (selected && (selected.step !== chart.step || Math.max(selected.anchor, selected.head) < chart.start))
    selected = undefined;
}

/** What is read out: a range while it is made, the bar under the pointer, a range, or the bar with the focus. */
function shownSpan(chart: Chart, slider: Element): Span | undefined {
  if (hovered !== undefined && !isDragging) return [placeOf(hovered, chart), placeOf(hovered, chart)];
  const [first, last] = selection(chart);
  return first < last || document.activeElement === slider ? [first, last] : undefined;
}

function sums(chart: Chart, [first, last]: Span): [StatusType, number][] {
  return chart.counts.map(([status, all]) => [status, all.slice(first, last + 1).reduce((sum, n) => sum + n, 0)]);
}

function part([status, n]: [StatusType, number]): string {
  return `${String(n).replace(/\B(?=(\d{3})+$)/g, ",")} to ${STATUSES[status].label}`;
}

/** `15 to Pending, 1,191 to Running`, as by the server. */
function words(counts: [StatusType, number][]): string {
  const counted = counts.filter(([, n]) => n > 0);
  return counted.length > 0 ? counted.map(part).join(", ") : "no changes";
}

/** Where islands/src/time shows the times of a span; its text is in UTC until then. */
function timesOf({ start, step, length }: Chart, [first, last]: Span): { text: string; data: Record<string, string> } {
  const from = new Date(start + first * step).toISOString();
  const to = new Date(start + (last + 1) * step).toISOString();
  const show = length * step < DAY_MS ? "clock" : "weekday";
  return {
    text: `${from.slice(11, 16)}–${to.slice(11, 16)}`,
    data: { "data-from": from, "data-to": to, "data-show": show },
  };
}

/** In place of the summary. */
function reveal(readout: HTMLElement, isShown: boolean): void {
  readout.hidden = !isShown;
  readout.parentElement?.toggleAttribute("data-reading", isShown);
}

/** With the swatches of the legend: all others together, and failures. */
function showReadout(readout: HTMLElement, chart: Chart, span: Span | undefined): void {
  reveal(readout, span !== undefined);
  readout.replaceChildren();
  if (!span) return;
  const { text, data } = timesOf(chart, span);
  const counts = sums(chart, span);
  const children: (Node | string)[] = [h("b", data, text), ": "];
  const isLegend = counts.length > 1;
  let isFirst = true;
  for (const [status, n] of counts) {
    if (n === 0) continue;
    if (!isFirst) children.push(", ");
    const isFailed = status === "FAILED";
    if (isLegend && (isFirst || isFailed))
      children.push(h("i", { class: "swatch", "data-status": isFailed && status }));
    children.push(part([status, n]));
    isFirst = false;
  }
  readout.append(...children, ...(isFirst ? ["no changes"] : []));
}

/** Leaves `aria-valuetext` alone if nothing has changed: islands/src/time has written it in the user's zone. */
function showSlider(slider: HTMLElement, chart: Chart): void {
  const span = selection(chart);
  const { text, data } = timesOf(chart, span);
  const counted = words(sums(chart, span));
  const spoken = Object.entries({ ...data, "data-words": counted });
  const hasChanged = spoken.some(([name, value]) => slider.getAttribute(name) !== value);
  slider.setAttribute("aria-valuemax", `${chart.length - 1}`);
  slider.setAttribute("aria-valuenow", `${head(chart)}`);
  if (!hasChanged) return;
  for (const [name, value] of spoken) slider.setAttribute(name, value);
  slider.setAttribute("aria-valuetext", `${text}: ${counted}`);
}

function showMarked(slider: HTMLElement, { length }: Chart, span: Span | undefined): void {
  slider.firstElementChild?.setAttribute("viewBox", `0 0 ${length} 1`);
  const mark = slider.querySelector("rect");
  mark?.setAttribute("x", `${span?.[0] ?? 0}`);
  mark?.setAttribute("width", `${span ? span[1] - span[0] + 1 : 0}`);
}

function show(): void {
  const slider = document.getElementById(SLIDER_ID);
  const readout = document.querySelector<HTMLElement>("#activity .readout");
  const chart = currentChart();
  if (!readout) return;
  if (!slider || !chart) {
    reveal(readout, false);
    return;
  }
  dropSelection(chart);
  const span = shownSpan(chart, slider);
  showSlider(slider, chart);
  showMarked(slider, chart, span);
  showReadout(readout, chart, span);
}

function sliderAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(`#${SLIDER_ID}`) : null;
}

function timeAt(slider: Element, { clientX }: PointerEvent, { start, step, length }: Chart): number {
  const { left, width } = slider.getBoundingClientRect();
  const place = Math.floor(((clientX - left) / width) * length);
  return start + Math.min(Math.max(place, 0), length - 1) * step;
}

function onPointer(event: PointerEvent): void {
  const slider = sliderAt(event.target);
  const chart = currentChart();
  if (!slider || !chart) return;
  const time = timeAt(slider, event, chart);
  const isPressed = event.type === "pointerdown" && event.button === 0;
  if (event.type === "pointermove" && time === hovered) return;
  if (isPressed) {
    isDragging = true;
    slider.setPointerCapture?.(event.pointerId);
  }
  hovered = time;
  if (isDragging) select(chart, placeOf(time, chart), !isPressed || event.shiftKey);
  show();
}

function onPointerEnd({ target, type, relatedTarget }: PointerEvent): void {
  if (!sliderAt(target)) return;
  if (type !== "pointerout") isDragging = false;
  else if (!isDragging && !sliderAt(relatedTarget)) hovered = undefined;
  show();
}

function onKey(event: KeyboardEvent): void {
  const chart = currentChart();
  if (!sliderAt(event.target) || !chart || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = STEPS[event.key];
  const [first, last] = selection(chart);
  if (step !== undefined) {
    select(chart, Math.min(Math.max(head(chart) + step, 0), chart.length - 1), event.shiftKey);
    hovered = undefined;
  } else if (event.key === "Escape" && first < last) select(chart, head(chart), false);
  else if (event.key !== "Enter") return; // which would open the job at the cursor
  event.preventDefault();
  show();
}

function onFocus({ target }: FocusEvent): void {
  if (sliderAt(target)) show();
}

export function wireReadout(): void {
  for (const type of ["pointerdown", "pointermove"] as const) document.addEventListener(type, onPointer);
  for (const type of ["pointerup", "pointercancel", "pointerout"] as const)
    document.addEventListener(type, onPointerEnd);
  // Before the listener of the page's own keys, for which Escape clears the selected jobs.
  document.addEventListener("keydown", onKey, true);
  for (const type of ["focusin", "focusout"] as const) document.addEventListener(type, onFocus);
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.target.id === "activity") show();
  });
  show();
}
