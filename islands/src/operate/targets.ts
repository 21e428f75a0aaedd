import { isListPage, rowOf } from "../dom";
import { cursorRow } from "./cursor";
import { isGone, type JobRef, jobOf, pageJob } from "./rows";
import { selectedCount, selectedJobs } from "./selection";

/** The jobs a command acts on: the selection, or else the cursor's job; on a job's own page, that job. */
export function targets(): JobRef[] {
  if (!isListPage()) return [pageJob()].filter((job) => job !== undefined);
  if (selectedCount() > 0) return selectedJobs();
  const row = cursorRow();
  return row ? [jobOf(row)] : [];
}

/** Those that others have deleted, as the page shows. */
export function goneTargets(): JobRef[] {
  return targets().filter(({ id }) => {
    const part = isListPage() ? rowOf(id) : document.querySelector(".head");
    return part !== null && isGone(part);
  });
}
