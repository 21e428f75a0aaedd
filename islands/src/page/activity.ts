/** The chart of status changes: keeps it current, follows the list below it, and remembers range and view. */
import { STATUS_TYPES } from "../api/statuses";
import { setCookie } from "../storage";
import { wireReadout } from "./activity-readout";
import { onHtmx } from "./htmx-events";
import { holdsTable, PANEL_ID } from "./table";

const MINUTE_MS = 60_000;
/** Delay after a change in this tab; a burst of changes is one request. */
const DEBOUNCE_MS = 2_000;
/** Hides what contradicts the list until the chart of its statuses has arrived. */
const BEHIND = "data-behind";

let refreshTimer: ReturnType<typeof setTimeout> | undefined;
let refreshedAt = Date.now();

/** The chart, unless a search hides it. */
function shownChart(): HTMLElement | null {
  const chart = document.getElementById("activity");
  return chart?.checkVisibility() ? chart : null;
}

function refresh(): void {
  clearTimeout(refreshTimer);
  refreshTimer = undefined;
  const chart = shownChart();
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

/** The statuses that a URL selects, in lifecycle order; none if it selects all. */
function statusesOf(url: string): string[] {
  const given = new URL(url, location.origin).searchParams.getAll("status");
  const statuses = STATUS_TYPES.filter((status) => given.includes(status));
  return statuses.length < STATUS_TYPES.length ? statuses : [];
}

/** The URL with the statuses of the list below the chart. */
function following(url: string): string {
  const { pathname, searchParams } = new URL(url, location.origin);
  const list = document.getElementById(PANEL_ID)?.getAttribute("hx-get") ?? "/";
  searchParams.delete("status");
  for (const status of statusesOf(list)) searchParams.append("status", status);
  return `${pathname}?${searchParams}`;
}

/** After another list has been swapped in. */
function follow(): void {
  const chart = document.getElementById("activity");
  const url = chart?.getAttribute("hx-get");
  if (!chart || !url) return;
  const wanted = following(url);
  if (`${statusesOf(wanted)}` !== `${statusesOf(url)}`) {
    chart.setAttribute("hx-get", wanted);
    chart.setAttribute(BEHIND, "");
  }
  if (chart.hasAttribute(BEHIND)) refresh();
  else refreshIfStale();
}

function remember(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest("#activity a[hx-get]") : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const { searchParams } = new URL(link.getAttribute("hx-get") ?? "", location.origin);
  setCookie("activity", searchParams.get("range") ?? "");
  setCookie("activity_view", searchParams.get("view") ?? "");
}

export function wireActivity(): void {
  setInterval(refreshIfStale, MINUTE_MS / 4);
  document.addEventListener("visibilitychange", refreshIfStale);
  for (const change of ["job:created", "job:status-changed"]) document.addEventListener(change, refreshSoon);
  document.addEventListener("click", remember);
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    if (holdsTable(ctx.target)) follow();
  });
  wireReadout();
}
