import { isStatusType } from "../api/statuses";
import type { Job } from "../api/types";
import type { JobStatusProps } from "./JobStatus";

/** The element's attributes are the confirmed state: morphs write them, and so does the island after its own change. */
export const jobStatusIsland = {
  tag: "job-status",
  observed: ["data-job-name", "data-status", "data-updated-at", "data-deleted"],
  props: (element: HTMLElement): JobStatusProps => {
    const { jobId = "", jobName = "", status, updatedAt = "" } = element.dataset;
    if (!isStatusType(status)) throw new Error(`<job-status> with data-status "${status}"`);
    return {
      id: jobId,
      name: jobName,
      server: { status, updatedAt },
      deleted: element.dataset["deleted"] !== undefined,
      readOnly: document.body.dataset["readOnly"] !== undefined,
      onConfirmed: (job) => writeConfirmed(element, job),
    };
  },
  load: () => import("./JobStatus").then((module) => module.JobStatus),
};

/** A repeated response may be older than what the page shows. */
function writeConfirmed(element: HTMLElement, job: Job): void {
  if ((element.dataset["updatedAt"] ?? "") > job.updated_at) return;
  element.dataset["status"] = job.current_status;
  if (element.dataset["updatedAt"] !== undefined) element.dataset["updatedAt"] = job.updated_at;
}
