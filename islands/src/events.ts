/** The treaty between islands and page: what they tell each other, by CustomEvent on the body (`hx-trigger` listens there). */
import type { Job } from "./api/types";

export interface JobEvents {
  "job:created": { job: Job };
  /** `told`: whoever changed it has said so, or will. */
  "job:status-changed": { job: Job; told?: true };
  "job:deleted": { id: string };
  /** Others have changed or deleted these, and the page shows it. */
  "jobs:updated": { ids: string[] };
  /** A change was sent and no answer came: what is shown may not be so any more. */
  "jobs:unsure": Record<string, never>;
}

export function emit<Name extends keyof JobEvents>(name: Name, detail: JobEvents[Name]): void {
  document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
