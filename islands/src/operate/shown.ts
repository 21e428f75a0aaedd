/** What the page shows of jobs that were changed from elsewhere than their dropdown. */
import type { Seen } from "../api/client";
import { ApiError, isUnsure } from "../api/errors";
import { isStatusType } from "../api/statuses";
import type { Job, StatusType } from "../api/types";
import { emit } from "../events";
import { type Named, rowOf } from "./rows";

const islandOf = (id: string) => document.getElementById(`job-status-${id}`);

/** The dropdown's attributes are its confirmed state: it follows them. */
export function showJobs(jobs: readonly Job[]): void {
  for (const job of jobs) write(job);
  for (const job of jobs) emit("job:status-changed", { job, told: true });
}

/** An answer that is given again may be older than what is shown. */
function write(job: Job): void {
  const island = islandOf(job.id);
  if (!island || (island.dataset["updatedAt"] ?? "") > job.updated_at) return;
  island.dataset["updatedAt"] = job.updated_at;
  island.dataset["status"] = job.current_status;
}

export function shownOf(id: string): Seen | undefined {
  const { status, updatedAt = "" } = islandOf(id)?.dataset ?? {};
  return isStatusType(status) ? { status, updatedAt } : undefined;
}

/** What the page shows of them all, as a wish needs it: undefined where each is as wished for already. */
export function seenOf(ids: readonly string[], status: StatusType): string | undefined {
  const shown = ids.map(shownOf);
  return shown.every((one) => one?.status === status) ? undefined : shown.map((one) => one?.updatedAt).join();
}

/** Where a change may have been made, what is shown is fetched again. */
export function lookAgain(errors: readonly unknown[]): void {
  for (const error of errors) if (error instanceof ApiError && error.now) write(error.now);
  if (errors.some(isUnsure)) emit("jobs:unsure", {});
}

export function showBusy(jobs: readonly Named[], busy: boolean): void {
  for (const { id } of jobs) rowOf(id)?.toggleAttribute("data-busy", busy);
}
