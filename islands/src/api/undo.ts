import { readJob } from "./answers";
import { call } from "./client";
import type { Job, Undo } from "./types";

/** Takes back the newest status change, unless anything has happened since the job was seen so: then 409. */
export function undoStatus(id: number, updatedAt: string): Promise<Job> {
  return call("POST", `/api/jobs/${id}/undo/`, { updated_at: updatedAt } satisfies Undo, readJob);
}
