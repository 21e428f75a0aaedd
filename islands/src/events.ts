/** The events that islands and page exchange, dispatched on the body, where `hx-trigger` listens. */
import type { Job } from "./api/types";

export interface JobEvents {
  "job:created": { job: Job };
  /** The list, as it was refetched for a new job, does not show the job. */
  "job:not-in-list": { id: string };
  /**
   * `handled`: the sender reports the change to the user itself. `undoes`: the `updated_at` right after the change that
   * this one undid.
   */
  "job:status-changed": { job: Job; handled?: true; undoes?: string | undefined };
  /** The outcome of a change by the job's own control is unknown. */
  "job:status-unknown": { id: string; name: string };
  /** `handled`: as above. */
  "job:deleted": { id: string; name?: string; handled?: true };
  /** Jobs are back from the trash. */
  "jobs:restored": Record<string, never>;
  /** Other clients changed or deleted these jobs, and the page already shows it. */
  "jobs:updated": { ids: string[] };
  /** A change was refused, since it needs a confirmation of who it is. */
  "confirm:required": Record<string, never>;
  /** A request was refused, since nobody is logged in any more. */
  "login:required": Record<string, never>;
  /** The server responds again, after failures. */
  "server:back": Record<string, never>;
  /** The outcome of a change is unknown, so the page may be out of date. */
  "jobs:outcome-unknown": Record<string, never>;
}

/** Calls the handler for each event with this name, until the returned function is called. */
export function onEvent<Name extends keyof JobEvents>(
  name: Name,
  handler: (detail: JobEvents[Name]) => void,
): () => void {
  const listener = (event: Event) => handler((event as CustomEvent<JobEvents[Name]>).detail);
  document.addEventListener(name, listener);
  return () => document.removeEventListener(name, listener);
}

export function emit<Name extends keyof JobEvents>(name: Name, detail: JobEvents[Name]): void {
  document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
