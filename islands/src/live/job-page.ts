/** Applies live updates to a job's own page: status and name. Its history refetches itself. */
import { isolate } from "../api/names";
import { isBusy } from "./busy";
import { morphInside } from "./morph";
import { markDeleted } from "./row-badges";
import type { RemoteChanges } from "./rows";
import type { LiveUpdate } from "./update";
import { confirmedUpdatedAt, displayedUpdatedAt, isDeleted, pageIsland } from "./visible-jobs";

const COPIED_ATTRIBUTES = ["data-job-name", "data-status", "data-updated-at"];

export function applyJob({ rows: [row], deleted }: LiveUpdate): RemoteChanges {
  const changes: RemoteChanges = { changed: [], deleted: [] };
  const island = pageIsland();
  if (!island || isDeleted(island) || isBusy(island)) return changes;
  const id = island.dataset["jobId"] ?? "";
  if (deleted.has(id)) {
    island.setAttribute("data-gone", "");
    markDeleted(island.closest(".head") ?? document.body, document.querySelector("h1"));
    document.title = `Deleted · ${isolate(island.dataset["jobName"] ?? "")} #${id} · Job dashboard`;
    for (const growing of document.querySelectorAll("main [data-lasting]")) growing.removeAttribute("data-lasting");
    changes.deleted.push(id);
  } else if (row && displayedUpdatedAt(row) > confirmedUpdatedAt(island)) {
    apply(island, row);
    changes.changed.push(id);
  }
  return changes;
}

function apply(island: HTMLElement, row: Element): void {
  const oldName = island.dataset["jobName"] ?? "";
  const source = row.querySelector("job-status");
  for (const name of COPIED_ATTRIBUTES) island.setAttribute(name, source?.getAttribute(name) ?? "");
  const name = island.dataset["jobName"] ?? "";
  const heading = document.querySelector("h1");
  if (!heading || oldName === name) return;
  document.title = document.title.replace(oldName, () => name);
  const fresh = document.createElement("h1");
  fresh.textContent = name;
  morphInside(heading, fresh);
  island.closest(".head")?.querySelector("[data-delete-job]")?.setAttribute("data-job-name", name);
}
