/** The events that islands and page exchange, dispatched on the body, where `hx-trigger` listens. */
import type { Job } from "./api/types";

export interface JobEvents {
  "job:created": { job: Job };
  /** `handled`: the sender reports the change to the user itself. */
  "job:status-changed": { job: Job; handled?: true };
  "job:deleted": { id: string };
  /** Other clients changed or deleted these jobs, and the page already shows it. */
  "jobs:updated": { ids: string[] };
  /** The outcome of a change is unknown, so the page may be out of date. */
  "jobs:unsure": Record<string, never>;
}

export function emit<Name extends keyof JobEvents>(name: Name, detail: JobEvents[Name]): void {
  document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
