/** The duration in a row, as soon as its status is changed in this tab: the next live update may be paused. */
import { rowOf } from "../dom";
import { onEvent } from "../events";

const PHASES: Record<string, string> = { PENDING: "waiting", RUNNING: "running" };
const NO_RUN = "no run";

export function wireRowDuration(): void {
  onEvent("job:status-changed", ({ job }) => {
    const place = rowOf(String(job.id))?.querySelector<HTMLElement>(".duration .lasts");
    const [words, text] = place?.children ?? [];
    if (!place || !words || !(text instanceof HTMLElement)) return;
    const ongoing = PHASES[job.current_status];
    // A run that has just ended lasted as long as the row has counted.
    const phase = ongoing ?? (place.dataset["phase"] === "running" ? "ran" : NO_RUN);
    place.dataset["phase"] = phase;
    words.textContent = phase;
    text.dataset["lasting"] = ongoing ? job.updated_at : "";
    if (phase === NO_RUN) text.textContent = "–";
  });
}
