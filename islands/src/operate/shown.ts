/** What the page shows of jobs that were changed from elsewhere than their dropdown. */
import type { Job } from "../api/types";
import { emit } from "../events";
import { type Named, rowOf } from "./rows";

/** The dropdown's attributes are its confirmed state: it follows them. */
export function showJobs(jobs: readonly Job[]): void {
  for (const job of jobs) {
    const island = document.getElementById(`job-status-${job.id}`);
    if (!island) continue;
    island.dataset["updatedAt"] = job.updated_at;
    island.dataset["status"] = job.current_status;
  }
  for (const job of jobs) emit("job:status-changed", { job, told: true });
}

export function showBusy(jobs: readonly Named[], busy: boolean): void {
  for (const { id } of jobs) rowOf(id)?.toggleAttribute("data-busy", busy);
}
