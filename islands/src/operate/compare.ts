/** Opens the comparison of the two selected jobs, wherever in the list they are; of one selected job, with the cursor's. */
import { jobIdOf } from "../dom";
import { cursorRow } from "./cursor";
import { showHint } from "./hints";
import { listQuery } from "./palette-jobs";
import { selectedCount, selectedJobs } from "./selection";

export function compareSelected(): boolean {
  const selected = selectedJobs().map(({ id }) => id);
  const row = cursorRow();
  const ids = row && selected.length === 1 ? [...new Set([...selected, jobIdOf(row)])] : selected;
  if (ids.length !== 2) {
    showHint(`Select two jobs to compare them: ${selectedCount()} selected.`);
    return true;
  }
  // The comparison leads back to this list.
  location.assign(`/compare/?ids=${ids.join(",")}${listQuery().replace("?", "&")}`);
  return true;
}
