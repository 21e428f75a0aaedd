/**
 * The columns of the job table, which the View menu hides, shows and moves. Every row has all cells, so that a choice
 * applies at once; a cookie tells the server, which renders all later rows in the same way.
 */

import { setCookie } from "../storage";
import { announce } from "./announcer";

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

function apply(): void {
  const columns = items();
  setCookie(COOKIE, columns.map((item) => `${isShown(item) ? "" : "-"}${nameOf(item)}`).join("."));
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
  for (const [index, each] of moved.entries()) {
    const [left, right] = each.querySelectorAll("[data-move]");
    left?.setAttribute("aria-disabled", String(index === 0));
    right?.setAttribute("aria-disabled", String(index === moved.length - 1));
  }
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
}
