/**
 * The columns of the job table, which the View menu hides, shows and moves. Every row has all cells, so that a choice
 * applies at once; a cookie tells the server, which renders all later rows in the same way. In a saved view, the choice is
 * a change of the view, and so a part of the address.
 */

import { setCookie } from "../storage";
import { announce } from "./announcer";
import { type HtmxRequestCtx, onHtmx } from "./htmx-events";
import { showList } from "./open-list";
import { holdsTable } from "./table";

const COOKIE = "columns";
const LIST = "#view-menu .columns";
const ROWS = "#job-table .jobs tr";

interface Movable {
  moveBefore?: (node: Node, child: Node | null) => void;
}

function items(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(`${LIST} li`)];
}

function nameOf(item: HTMLElement): string {
  return item.dataset["column"] ?? "";
}

function labelOf(item: HTMLElement): string {
  return item.querySelector("label")?.textContent?.trim() ?? "";
}

function isShown(item: HTMLElement): boolean {
  return item.querySelector("input")?.checked === true;
}

/** Moves keep islands mounted and the focus where the browser supports it. */
function moveBefore(node: Element, next: Element | null): void {
  const parent = node.parentNode as (ParentNode & Node & Movable) | null;
  if (!parent || node === next || node.nextElementSibling === next) return;
  if (parent.moveBefore) parent.moveBefore(node, next);
  else parent.insertBefore(node, next);
}

/** Other lists that are on their way, and whether a choice waits for them. */
const arriving = new Set<HtmxRequestCtx>();
let isWaiting = false;

function store(columns: readonly HTMLElement[]): void {
  isWaiting = arriving.size > 0;
  if (document.querySelector("#saved-views[data-view]")) {
    if (isWaiting) return;
    const shown = columns.filter(isShown).map(nameOf).join();
    const { searchParams: query } = new URL(location.href);
    query.delete("columns");
    showList(`/?${query}&columns=${shown}`, "replace");
  } else setCookie(COOKIE, columns.map((item) => `${isShown(item) ? "" : "-"}${nameOf(item)}`).join("."));
}

/** The menu follows the table, which another view may have changed. */
function adopt(): void {
  const all = items();
  const byName = new Map(all.map((item) => [nameOf(item), item]));
  const order: HTMLElement[] = [];
  for (const heading of document.querySelectorAll<HTMLElement>("#job-table thead th")) {
    const item = byName.get(heading.classList.item(0) ?? "");
    const box = item?.querySelector("input");
    if (!item || !box) continue;
    box.checked = !heading.hidden;
    order.push(item);
  }
  if (order.length !== all.length || order.every((item, index) => item === all[index])) return;
  for (const item of order) moveBefore(item, null);
  updateButtons();
}

function updateButtons(): void {
  const all = items();
  for (const [index, each] of all.entries()) {
    const [left, right] = each.querySelectorAll("[data-move]");
    left?.setAttribute("aria-disabled", String(index === 0));
    right?.setAttribute("aria-disabled", String(index === all.length - 1));
  }
}

function apply(): void {
  const columns = items();
  store(columns);
  for (const row of document.querySelectorAll(ROWS)) {
    let next = row.querySelector(":scope > .actions");
    for (const item of columns.toReversed()) {
      const cell = row.querySelector<HTMLElement>(`:scope > .${nameOf(item)}`);
      if (!cell) continue;
      cell.hidden = !isShown(item);
      moveBefore(cell, next);
      next = cell;
    }
  }
}

function move(button: HTMLElement, item: HTMLElement): void {
  const step = Number(button.dataset["move"]);
  const all = items();
  const other = all[all.indexOf(item) + step];
  if (!other) return;
  moveBefore(item, step < 0 ? other : other.nextElementSibling);
  button.focus();
  const moved = items();
  updateButtons();
  apply();
  announce("columns", `${labelOf(item)} is column ${moved.indexOf(item) + 1} of ${moved.length}`);
}

export function wireColumns(): void {
  document.addEventListener("change", ({ target }) => {
    if (target instanceof Element && target.closest(LIST)) apply();
  });
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>(`${LIST} [data-move]`) : null;
    const item = button?.closest<HTMLElement>("li");
    if (button && item && button.getAttribute("aria-disabled") !== "true") move(button, item);
  });
  onHtmx("htmx:before:request", ({ detail: { ctx } }) => {
    if (holdsTable(ctx.target) && ctx.sourceElement !== ctx.target) arriving.add(ctx);
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    if (holdsTable(ctx.target) && !isWaiting) adopt();
  });
  onHtmx("htmx:finally:request", ({ detail: { ctx } }) => {
    if (arriving.delete(ctx) && isWaiting && arriving.size === 0) apply();
  });
}
