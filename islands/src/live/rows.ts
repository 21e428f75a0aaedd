/** Applies live updates to the rows, cell by cell. Cells that already show the same are not touched. */
import { jobIdOf, jobRows } from "../dom";
import { isBusy } from "./busy";
import { morphInside } from "./morph";
import { markDeleted, removeBadge, showBadge } from "./row-badges";
import type { LiveUpdate } from "./update";
import { confirmedUpdatedAt, displayedUpdatedAt, isDeleted } from "./visible-jobs";

/** Ids of jobs that other clients changed or deleted; changes made in this tab are not included. */
export interface RemoteChanges {
  changed: string[];
  deleted: string[];
}

export function applyRows(liveUpdate: LiveUpdate): RemoteChanges {
  const changes: RemoteChanges = { changed: [], deleted: [] };
  const updates = new Map(liveUpdate.rows.map((row) => [row.id, row]));
  for (const row of jobRows()) {
    const id = jobIdOf(row);
    const source = updates.get(row.id);
    if (liveUpdate.deleted.has(id)) {
      if (isDeleted(row)) continue;
      markDeleted(row, nameCell(row));
      changes.deleted.push(id);
    } else if (source && !isDeleted(row) && !isBusy(row) && displayedUpdatedAt(source) >= confirmedUpdatedAt(row)) {
      const isRemote = displayedUpdatedAt(source) > confirmedUpdatedAt(row);
      update(row, source);
      if (liveUpdate.left.has(id)) showBadge(nameCell(row), liveUpdate.leftText);
      else removeBadge(nameCell(row));
      if (isRemote) changes.changed.push(id);
    }
  }
  return changes;
}

function nameCell(row: Element): Element | null {
  return row.querySelector("td.name");
}

function update(row: Element, source: Element): void {
  for (const cell of source.children) {
    const old = row.querySelector(`:scope > .${cell.classList[0]}`);
    if (old && !isSame(old, cell)) morphInside(old, cell);
  }
}

const COMPARED = ["datetime", "aria-label", "data-phase", "data-lasting"];

/** Compares attributes where the page may have rewritten the text, as in times. Checkboxes belong to the user. */
function isSame(old: Element, cell: Element): boolean {
  if (old.querySelector("input[type=checkbox]")) return true;
  if (cell.querySelector("job-status")) return false;
  return content(old) === content(cell);
}

function content(cell: Element): string {
  const parts = [...cell.querySelectorAll("a, time, button, [data-phase], [data-lasting]")];
  if (parts.length === 0) return cell.textContent ?? "";
  return parts.map((part) => COMPARED.map((name) => part.getAttribute(name)) + textOf(part)).join();
}

/** A growing duration is rewritten all the time; a final one has no `data-lasting`. */
function textOf(part: Element): string {
  return part.matches("a, [data-lasting='']") ? (part.textContent ?? "") : "";
}
