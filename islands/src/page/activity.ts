/** The picture above the table: kept fresh, read bar by bar, and the way to the jobs of a time. */
import htmx from "htmx.org";
import { isComposing } from "../keys/composing";
import { jobTable } from "./table";

const MINUTE_MS = 60_000;
/** Own changes show soon; a burst of them is one request. */
const SOON_MS = 2_000;
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
const BARS = "#activity svg a";

let soon: ReturnType<typeof setTimeout> | undefined;
let asked = Date.now();

function refresh(): void {
  clearTimeout(soon);
  soon = undefined;
  const picture = document.querySelector("#activity:has(.plot)");
  if (!picture || document.hidden || !navigator.onLine) return;
  asked = Date.now();
  picture.dispatchEvent(new CustomEvent("activity:stale"));
}

function refreshSoon(): void {
  soon ??= setTimeout(refresh, SOON_MS);
}

function refreshWhenOld(): void {
  if (!document.hidden && Date.now() - asked >= MINUTE_MS) refresh();
}

function within(target: EventTarget | null, selector: string): SVGElement | HTMLElement | null {
  return target instanceof Element ? target.closest<SVGElement | HTMLElement>(selector) : null;
}

/** The part of the bar that was hit says which status is meant; Enter means all of them. */
function statusAt({ detail, clientX, clientY }: MouseEvent): string {
  if (detail === 0) return "";
  const hit = document.elementsFromPoint(clientX, clientY).find((element) => element.matches("#activity path"));
  return hit ? `&status=${hit.getAttribute("data-status")}` : "";
}

function onClick(event: MouseEvent): void {
  const link = within(event.target, "#activity a:not([hx-get])");
  const changed = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || changed || !jobTable()) return;
  event.preventDefault();
  const address = `${link.getAttribute("href")}${link.matches(BARS) ? statusAt(event) : ""}`;
  void htmx.ajax("GET", address, { target: "#job-table", swap: "outerMorph", push: "true" });
}

function onKey(event: KeyboardEvent): void {
  const bar = within(event.target, BARS);
  const step = STEPS[event.key];
  if (!bar || step === undefined || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const bars = [...document.querySelectorAll<SVGElement>(BARS)];
  const place = bars.indexOf(bar as SVGElement) + step;
  const next = bars[Math.min(Math.max(place, 0), bars.length - 1)];
  if (!next) return;
  event.preventDefault();
  for (const other of bars) other.setAttribute("tabindex", other === next ? "0" : "-1");
  next.focus();
}

/** What the bar under the pointer or the focus says; else how high the highest is. */
function describe({ target, type }: Event): void {
  const legend = document.querySelector<HTMLElement>("#activity .peak");
  const bar = /out/.test(type) ? null : within(target, BARS);
  if (legend) legend.textContent = bar?.querySelector("title")?.textContent ?? legend.dataset["peak"] ?? "";
}

export function wireActivity(): void {
  setInterval(refreshWhenOld, MINUTE_MS / 4);
  document.addEventListener("visibilitychange", refreshWhenOld);
  for (const change of ["job:created", "job:status-changed"]) document.addEventListener(change, refreshSoon);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  for (const type of ["pointerover", "pointerout", "focusin", "focusout"]) document.addEventListener(type, describe);
}
