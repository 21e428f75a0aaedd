import { readJob } from "./answers";
import { change } from "./client";
import type { Job, Undo } from "./types";

/** Takes back the newest status change, unless anything has happened since the job was seen so: then 409. */
export function undoStatus(id: string, updatedAt: string): Promise<Job> {
  const body = JSON.stringify({ updated_at: updatedAt } satisfies Undo);
  return change({ method: "POST", url: `/api/jobs/${id}/undo/`, body, about: [id] }, readJob);
}
