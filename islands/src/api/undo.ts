import { change } from "./client";
import { parseJob } from "./parse";
import type { Job, Undo } from "./types";

/** Undoes the last status change. Fails with 409 if the job has changed since `updatedAt`. */
export function undoStatus(id: string, updatedAt: string): Promise<Job> {
  const body = JSON.stringify({ updated_at: updatedAt } satisfies Undo);
  return change({ method: "POST", url: `/api/jobs/${id}/undo/`, body, jobIds: [id] }, parseJob);
}
