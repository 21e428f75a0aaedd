import { cursorRow } from "./cursor";
import { isListPage, jobOf, type Named, pageJob } from "./rows";
import { chosenCount, chosenJobs } from "./selection";

/** What an action is about: the selection, else the row the cursor is on; on a job's page that job. */
export function targets(): Named[] {
  if (!isListPage()) return [pageJob()].filter((job) => job !== undefined);
  if (chosenCount() > 0) return chosenJobs();
  const row = cursorRow();
  return row ? [jobOf(row)] : [];
}
