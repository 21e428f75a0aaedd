/** The activity chart above the table: refreshes it, moves the focus between its bars, and opens the jobs of a bar. */
import htmx from "htmx.org";
import { isComposing } from "../composing";
import { jobTable } from "./table";

const MINUTE_MS = 60_000;
/** Delay after a change in this tab; a burst of changes is one request. */
const DEBOUNCE_MS = 2_000;
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
const BARS = "#activity svg a";

let refreshTimer: ReturnType<typeof setTimeout> | undefined;
let refreshedAt = Date.now();

function refresh(): void {
  clearTimeout(refreshTimer);
  refreshTimer = undefined;
  const chart = document.querySelector("#activity:has(.plot)");
  if (!chart || document.hidden || !navigator.onLine) return;
  refreshedAt = Date.now();
  chart.dispatchEvent(new CustomEvent("activity:stale"));
}

function refreshSoon(): void {
  refreshTimer ??= setTimeout(refresh, DEBOUNCE_MS);
}

function refreshIfStale(): void {
  if (!document.hidden && Date.now() - refreshedAt >= MINUTE_MS) refresh();
}

function closest(target: EventTarget | null, selector: string): SVGElement | HTMLElement | null {
  return target instanceof Element ? target.closest<SVGElement | HTMLElement>(selector) : null;
}

/** The status of the bar segment that was clicked; Enter (`detail` 0) means all statuses. */
function statusAt({ detail, clientX, clientY }: MouseEvent): string {
  if (detail === 0) return "";
  const hit = document.elementsFromPoint(clientX, clientY).find((element) => element.matches("#activity path"));
  return hit ? `&status=${hit.getAttribute("data-status")}` : "";
}

function onClick(event: MouseEvent): void {
  const link = closest(event.target, "#activity a:not([hx-get])");
  const hasModifier = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || hasModifier || !jobTable()) return;
  event.preventDefault();
  const url = `${link.getAttribute("href")}${link.matches(BARS) ? statusAt(event) : ""}`;
  void htmx.ajax("GET", url, { target: "#job-table", swap: "outerMorph", push: "true" });
}

function onKey(event: KeyboardEvent): void {
  const bar = closest(event.target, BARS);
  const step = STEPS[event.key];
  if (!bar || step === undefined || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const bars = [...document.querySelectorAll<SVGElement>(BARS)];
  const index = bars.indexOf(bar as SVGElement) + step;
  const next = bars[Math.min(Math.max(index, 0), bars.length - 1)];
  if (!next) return;
  event.preventDefault();
  for (const other of bars) other.setAttribute("tabindex", other === next ? "0" : "-1");
  next.focus();
}

/** Shows the label of the bar under the pointer or with the focus, or else the peak. */
function describe({ target, type }: Event): void {
  const legend = document.querySelector<HTMLElement>("#activity .peak");
  const bar = /out/.test(type) ? null : closest(target, BARS);
  if (legend) legend.textContent = bar?.querySelector("title")?.textContent ?? legend.dataset["peak"] ?? "";
}

export function wireActivity(): void {
  setInterval(refreshIfStale, MINUTE_MS / 4);
  document.addEventListener("visibilitychange", refreshIfStale);
  for (const change of ["job:created", "job:status-changed"]) document.addEventListener(change, refreshSoon);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  for (const type of ["pointerover", "pointerout", "focusin", "focusout"]) document.addEventListener(type, describe);
}
