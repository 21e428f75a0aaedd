/** Jobs as the palette offers them. */
import { isId } from "../api/exact";
import { findJob, findJobs } from "../api/finding";
import { statusLabel } from "../api/statuses";
import type { Job } from "../api/types";

const MOST = 8;

/** A line of the palette. */
export interface Offer {
  group: string;
  label: string;
  /** After the label, quieter. */
  note?: string;
  /** A drawing of the sprite. */
  picture?: string;
  keys?: string;
  run: () => void;
}

/** The job of that number first, then those whose names hold the text. */
export async function offerJobs(text: string, signal: AbortSignal): Promise<Offer[]> {
  const byId = isId(text) ? findJob(text, signal) : Promise.resolve([]);
  const [numbered, named] = await Promise.all([byId, findJobs(text, MOST, signal)]);
  const jobs = [...numbered, ...named.filter(({ id }) => !numbered.some((job) => job.id === id))];
  return jobs.map(offer);
}

function offer({ id, name, current_status }: Job): Offer {
  return {
    group: "Jobs",
    label: name,
    note: `${id}, ${statusLabel(current_status)}`,
    picture: `status-${current_status}`,
    run: () => location.assign(`/jobs/${id}/`),
  };
}
