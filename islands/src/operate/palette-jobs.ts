/** Jobs as palette items. */
import { isId } from "../api/exact";
import { findJob, searchJobs } from "../api/search";
import { STATUSES } from "../api/statuses";
import type { Job, StatusType } from "../api/types";

const MAX_JOBS = 8;

/** An item of the palette. */
export interface PaletteItem {
  group: string;
  label: string;
  /** Secondary text after the label. */
  note?: string;
  /** The status whose icon is shown. */
  status?: StatusType;
  keys?: string;
  run: () => void;
}

/** The job with that id first, then jobs whose names contain the text. */
export async function searchPaletteJobs(text: string, signal: AbortSignal): Promise<PaletteItem[]> {
  const byId = isId(text) ? findJob(text, signal) : Promise.resolve([]);
  const [withId, named] = await Promise.all([byId, searchJobs(text, MAX_JOBS, signal)]);
  const jobs = [...withId, ...named.filter(({ id }) => !withId.some((job) => job.id === id))];
  return jobs.map(toItem);
}

function toItem({ id, name, current_status }: Job): PaletteItem {
  return {
    group: "Jobs",
    label: name,
    note: `${id}, ${STATUSES[current_status].label}`,
    status: current_status,
    run: () => location.assign(`/jobs/${id}/`),
  };
}
