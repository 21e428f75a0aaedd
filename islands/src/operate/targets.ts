import { isListPage, rowOf } from "../dom";
import { bringBack, cursorRow } from "./cursor";
import { isGone, type JobRef, jobOf, pageJob } from "./rows";
import { selectedCount, selectedJobs } from "./selection";

let given: readonly JobRef[] | undefined;

/** Runs a command on these jobs, whatever the page shows by now. */
export function withTargets(jobs: readonly JobRef[], run: () => void): void {
  given = jobs;
  try {
    run();
  } finally {
    given = undefined;
  }
}

/** The jobs a command acts on: the selection, or else the cursor's job; on a job's own page, that job. */
export function targets(): readonly JobRef[] {
  if (given) return given;
  if (!isListPage()) return [pageJob()].filter((job) => job !== undefined);
  if (selectedCount() > 0) return selectedJobs();
  const row = cursorRow();
  return row ? [jobOf(row)] : [];
}

/** Brings the cursor's row back if a command is about to act on it alone and it was scrolled out of sight. */
export const bringTargetBack = () => !given && isListPage() && selectedCount() === 0 && bringBack();

/** Those that others have deleted, as the page shows. */
export function goneTargets(): readonly JobRef[] {
  return targets().filter(({ id }) => {
    const part = isListPage() ? rowOf(id) : document.querySelector(".head");
    return part !== null && isGone(part);
  });
}
