/** Which jobs have a status already, so that setting it would only repeat it in their histories and cost an undo. */
import { jobsWithIds } from "../api/search";
import type { StatusType } from "../api/types";
import { displayedState } from "./displayed-jobs";
import type { JobRef } from "./rows";

const TIMEOUT_MS = 4_000;

/**
 * The page may be out of date, and shows nothing of jobs that are elsewhere. So the server is asked about those that have
 * the status as far as the page knows; if it does not answer, what the page shows counts.
 */
export async function idsWithStatus(jobs: readonly JobRef[], status: StatusType): Promise<ReadonlySet<string>> {
  const shown = jobs.filter(({ id }) => displayedState(id)?.status === status).map(({ id }) => id);
  const elsewhere = jobs.filter(({ id }) => displayedState(id) === undefined).map(({ id }) => id);
  const doubtful = [...shown, ...elsewhere];
  if (doubtful.length === 0) return new Set();
  try {
    const now = await jobsWithIds(doubtful, AbortSignal.timeout(TIMEOUT_MS));
    return new Set(now.filter((job) => job.current_status === status).map(({ id }) => id));
  } catch {
    return new Set(shown);
  }
}
