/**
 * The panel beside the list: the job of the cursor's row, as the server renders it. It follows the cursor and the changes
 * of its job. The focus stays in the list unless the user moves it into the panel.
 */
import htmx from "htmx.org";
import { h, jobIdOf } from "../dom";
import { onEvent } from "../events";
import { announce } from "../page/announcer";
import { onHtmx } from "../page/htmx-events";
import { holdsTable } from "../page/table";
import { cursorRow, focusCursor, onCursor } from "./cursor";
import { rowLink } from "./rows";

const ID = "job-peek";
/** A single move is followed at once; of several in a row, only the last one. */
const SETTLE_MS = 120;

let isOpen = false;
/** What the panel shows or is about to show: the URL of the fragment, and the version of the row. */
let wanted = "";
let wantedUrl = "";
/** The job that was shown last. */
let shownId: string | undefined;
let movedAt = Number.NEGATIVE_INFINITY;
let timer: ReturnType<typeof setTimeout> | undefined;
let styles: Promise<unknown> | undefined;

const panel = () => document.getElementById(ID);

/** They are fetched ahead at low priority, and apply from the first use on. */
function loadStyles(): Promise<unknown> {
  const links = [...document.querySelectorAll<HTMLLinkElement>("link[data-peek]")];
  styles ??= Promise.all(
    links.map(
      (link) =>
        new Promise((done) => {
          link.onload = link.onerror = done;
          link.rel = "stylesheet";
        }),
    ),
  );
  return styles;
}

export function open(): void {
  wire();
  isOpen = true;
  shownId = undefined;
  wanted = "";
  void loadStyles().then(follow);
}

export function close(): void {
  const hadFocus = panel()?.contains(document.activeElement);
  isOpen = false;
  clearTimeout(timer);
  hide();
  if (hadFocus) focusCursor();
  announce("peek", "Peek closed");
}

export function enter(): boolean {
  const place = panel();
  if (!place || place.hidden) return false;
  place.focus();
  return true;
}

/** Without rows there is nothing to show, until the list has some again. */
function hide(): void {
  const place = panel();
  if (place) htmx.trigger(place, "htmx:abort");
  if (place) place.hidden = true;
  keepRow(() => document.body.removeAttribute("data-peek"));
  wanted = "";
  shownId = undefined;
}

function follow(): void {
  if (!isOpen) return;
  const row = cursorRow();
  const link = row && rowLink(row);
  if (!row || !link) {
    hide();
    return;
  }
  const url = `${link.pathname}peek/${link.search}`;
  const version = row.querySelector<HTMLElement>("job-status")?.dataset["updatedAt"] ?? "";
  if (`${url} ${version}` === wanted) return;
  wanted = `${url} ${version}`;
  show(url);
}

/** The job has changed: what is shown of it is out of date, whatever the row says. */
function refresh(ids: readonly string[]): void {
  const row = isOpen ? cursorRow() : null;
  if (!row || !ids.includes(jobIdOf(row))) return;
  wanted = "";
  follow();
}

function show(url: string): void {
  wantedUrl = url;
  panel()?.setAttribute("aria-busy", "true");
  clearTimeout(timer);
  timer = setTimeout(load, performance.now() - movedAt < SETTLE_MS ? SETTLE_MS : 0);
  movedAt = performance.now();
}

function load(): void {
  let target = panel();
  if (!target) {
    target = h("aside", { id: ID, class: "peek", tabindex: "-1", "hx-sync": "this:replace", hidden: true });
    document.querySelector(".list")?.append(target);
    target.addEventListener("keydown", onKey);
  }
  // Replaces a request that is still open, by hx-sync.
  void htmx.ajax("GET", wantedUrl, { source: target, target, swap: "outerMorph" });
}

function onLoaded(target: HTMLElement): void {
  keepRow(() => {
    document.body.dataset["peek"] = "";
  });
  const { job } = target.dataset;
  if (job === shownId) return;
  const words = target.querySelector<HTMLElement>(".summary, .gone")?.innerText ?? "";
  announce("peek", shownId === undefined ? `Peek open. ${words}` : words);
  shownId = job;
  target.scrollTop = 0;
}

/** The list becomes narrower or shorter: the cursor's row stays where it is, and in view. */
function keepRow(change: () => void): void {
  const before = cursorRow()?.getBoundingClientRect().top;
  change();
  const row = cursorRow();
  if (!row || before === undefined) return;
  scrollBy(0, row.getBoundingClientRect().top - before);
  if (row.contains(document.activeElement)) row.scrollIntoView({ block: "nearest" });
}

/** The other keys do in the panel what they do in the list. */
function onKey(event: KeyboardEvent): void {
  if (event.key !== "ArrowLeft" || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  focusCursor();
}

let isWired = false;

function wire(): void {
  if (isWired) return;
  isWired = true;
  onCursor(follow);
  onEvent("job:status-changed", ({ job }) => refresh([String(job.id)]));
  onEvent("jobs:updated", ({ ids }) => refresh(ids));
  onEvent("jobs:outcome-unknown", () => isOpen && wantedUrl && show(wantedUrl));
  // An older response, for example of a retry, must not cover a newer job.
  onHtmx("htmx:before:swap", (event) => {
    const { target, request } = event.detail.ctx;
    if (target.id === ID && (!isOpen || request.action !== wantedUrl)) event.preventDefault();
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    const place = panel();
    if (holdsTable(ctx.target)) follow();
    else if (ctx.target.id === ID && place) onLoaded(place);
  });
  onHtmx("htmx:finally:request", ({ detail: { ctx } }) => {
    if (ctx.target.id !== ID || ctx.request.action !== wantedUrl) return;
    // What is still shown is another job: it stays dim, and the next move tries again.
    if (wantedUrl.startsWith(`/jobs/${panel()?.dataset["job"]}/`)) panel()?.removeAttribute("aria-busy");
    else wanted = "";
  });
}
