/** Puts the news into the rows, cell by cell, and touches nothing that says the same already. */
import type { Answer } from "./answer";
import { isBusy } from "./busy";
import { mark, markGone, unmark } from "./marks";
import { morphInside } from "./morph";
import { confirmedAt, isGone, shownAt, shownRows } from "./shown";

/** Ids of the jobs that others have changed or deleted; the operator's own changes are no news. */
export interface News {
  changed: string[];
  deleted: string[];
}

export function applyRows(answer: Answer): News {
  const news: News = { changed: [], deleted: [] };
  const fresh = new Map(answer.rows.map((row) => [row.id, row]));
  for (const row of shownRows()) {
    const id = row.id.slice("job-".length);
    const now = fresh.get(row.id);
    if (answer.gone.has(id)) {
      if (isGone(row)) continue;
      markGone(row, nameCell(row));
      news.deleted.push(id);
    } else if (now && !isGone(row) && !isBusy(row) && shownAt(now) >= confirmedAt(row)) {
      const byOthers = shownAt(now) > confirmedAt(row);
      update(row, now);
      if (answer.left.has(id)) mark(nameCell(row), answer.leftText);
      else unmark(nameCell(row));
      if (byOthers) news.changed.push(id);
    }
  }
  return news;
}

function nameCell(row: Element): Element | null {
  return row.querySelector("td.name");
}

function update(row: Element, now: Element): void {
  for (const cell of now.children) {
    const old = row.querySelector(`:scope > .${cell.classList[0]}`);
    if (old && !saysTheSame(old, cell)) morphInside(old, cell);
  }
}

/** A checkbox is the operator's; a name, a time or a button that stays has perhaps been written more readably since. */
function saysTheSame(old: Element, now: Element): boolean {
  if (old.querySelector("input[type=checkbox]")) return true;
  if (now.querySelector("job-status")) return false;
  return facts(old) === facts(now);
}

function facts(cell: Element): string {
  const parts = [...cell.querySelectorAll("a, time, button")];
  if (parts.length === 0) return cell.textContent ?? "";
  return parts.map((part) => ["datetime", "aria-label"].map((name) => part.getAttribute(name)) + textOf(part)).join();
}

function textOf(part: Element): string {
  return part.matches("a") ? (part.textContent ?? "") : "";
}
