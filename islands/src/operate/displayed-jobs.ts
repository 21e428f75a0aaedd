/** Reads and updates the jobs that the page shows, for changes that do not come from their own dropdown. */
import { ApiError, isOutcomeUnknown } from "../api/errors";
import { isolate } from "../api/names";
import { isStatusType } from "../api/statuses";
import type { Job, Snapshot, StatusType } from "../api/types";
import { rowOf } from "../dom";
import { emit } from "../events";
import type { JobRef } from "./rows";

const islandOf = (id: string) => document.getElementById(`job-status-${id}`);

/**
 * Writes the dropdown's attributes, which are its confirmed state; after a rename, also the name. `undone`: the changes
 * that were undone, if any.
 */
export function displayJobs(
  jobs: readonly Job[],
  change: "status" | "rename" = "status",
  undone: readonly { id: string; changedAt?: string }[] = [],
): void {
  for (const job of jobs) {
    if (change === "rename") writeName(job);
    write(job);
  }
  if (change === "rename") emit("jobs:updated", { ids: jobs.map(({ id }) => id) });
  else
    for (const job of jobs) {
      emit("job:status-changed", { job, handled: true, undoes: undone.find(({ id }) => id === job.id)?.changedAt });
    }
}

/** A repeated response may be older than what the page shows. */
function write(job: Job): void {
  const island = islandOf(job.id);
  if (!island || (island.dataset["updatedAt"] ?? "") > job.updated_at) return;
  island.dataset["updatedAt"] = job.updated_at;
  island.dataset["status"] = job.current_status;
}

/** Wherever the job's row, or its own page, has the old name: in a text, or in a label such as `Delete Wing`. */
function writeName({ id, name, updated_at }: Job): void {
  const island = islandOf(id);
  const old = island?.dataset["jobName"];
  const place = rowOf(id) ?? island?.closest("main");
  if (!island || !place || old === undefined || (island.dataset["updatedAt"] ?? "") > updated_at) return;
  for (const element of [place, ...place.querySelectorAll("[aria-label], [title], [data-job-name]")]) {
    for (const attribute of ["aria-label", "title", "data-job-name"]) {
      const text = element.getAttribute(attribute);
      if (text?.includes(old)) element.setAttribute(attribute, text.split(old).join(name));
    }
  }
  const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode as Text;
    if (text.data.trim() === old && !island.contains(text)) text.data = name;
  }
  if (!rowOf(id)) document.title = document.title.replace(isolate(old), () => isolate(name));
}

export function displayedState(id: string): Snapshot | undefined {
  const { status, updatedAt = "" } = islandOf(id)?.dataset ?? {};
  return isStatusType(status) ? { status, updatedAt } : undefined;
}

/** The displayed versions of all these jobs, for `idempotencyKeyFor`; undefined if all already have the status. */
export function displayedVersions(ids: readonly string[], status: StatusType): string | undefined {
  const states = ids.map(displayedState);
  return states.every((state) => state?.status === status) ? undefined : states.map((state) => state?.updatedAt).join();
}

/** Refetches what the page shows if a change may have been made. */
export function refreshIfOutcomeUnknown(errors: readonly unknown[]): void {
  for (const error of errors) if (error instanceof ApiError && error.currentJob) write(error.currentJob);
  if (errors.some(isOutcomeUnknown)) emit("jobs:outcome-unknown", {});
}

export function showBusy(jobs: readonly JobRef[], busy: boolean): void {
  for (const { id } of jobs) rowOf(id)?.toggleAttribute("data-busy", busy);
}
