/** Opens the comparison of the two selected jobs, wherever in the list they are. */
import { showHint } from "./hints";
import { listQuery } from "./palette-jobs";
import { selectedCount, selectedJobs } from "./selection";

export function compareSelected(): boolean {
  const ids = selectedJobs().map(({ id }) => id);
  if (ids.length !== 2) {
    showHint(`Select two jobs to compare them: ${selectedCount()} selected.`);
    return true;
  }
  // The comparison leads back to this list.
  location.assign(`/compare/?ids=${ids.join(",")}${listQuery().replace("?", "&")}`);
  return true;
}
