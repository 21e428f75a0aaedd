/** Says what a status dropdown has changed; sighted users see it on the row. */
import { statusLabel } from "../api/statuses";
import type { JobEvents } from "../events";
import { announce } from "./announcer";

export function wireChanges(): void {
  document.addEventListener("job:status-changed", (event) => {
    const { job } = (event as CustomEvent<JobEvents["job:status-changed"]>).detail;
    announce("status", `${job.name} is now ${statusLabel(job.current_status)}`);
  });
}
