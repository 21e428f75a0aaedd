/** Compares the two selected jobs, wherever in the list they are, or the selected job with the cursor's. */
import { jobIdOf } from "../dom";
import { cursorRow } from "./cursor";
import { showHint } from "./hints";
import { listQuery } from "./palette-jobs";
import { selectedCount, selectedJobs } from "./selection";

/** Two, if there is something to compare. */
export function comparedIds(): string[] {
  const ids = selectedJobs().map(({ id }) => id);
  const row = cursorRow();
  return row && ids.length === 1 ? [...new Set([...ids, jobIdOf(row)])] : ids;
}

export function compareSelected(): boolean {
  const ids = comparedIds();
  if (ids.length !== 2) {
    showHint(`Select two jobs to compare them: ${selectedCount()} selected.`);
    return true;
  }
  // The comparison leads back to this list.
  location.assign(`/compare/?ids=${ids.join(",")}${listQuery().replace("?", "&")}`);
  return true;
}
