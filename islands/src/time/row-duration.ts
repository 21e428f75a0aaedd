/**
 * The duration in a row, as soon as its status is changed in this tab: the next live update may be paused. An undo shows
 * what the row showed before the change, if it has seen it; otherwise, the next live update corrects it.
 */
import { rowOf } from "../dom";
import { onEvent } from "../events";

const PHASES: Record<string, string> = { PENDING: "waiting", RUNNING: "running" };
const NO_RUN = "no run";

/** What each row showed before changes, by the version that the change made. */
const shown = new WeakMap<Element, Map<string, [phase: string, since: string, text: string]>>();

export function wireRowDuration(): void {
  onEvent("job:status-changed", ({ job, undoes = "" }) => {
    const place = rowOf(String(job.id))?.querySelector<HTMLElement>(".duration .lasts");
    const [words, text] = place?.children ?? [];
    if (!place || !words || !(text instanceof HTMLElement)) return;
    const ongoing = PHASES[job.current_status];
    const before = place.dataset["phase"] ?? "";
    const known = shown.get(place) ?? new Map();
    shown.set(place, known);
    known.set(job.updated_at, [before, text.dataset["lasting"] ?? "", text.textContent]);
    // A run that has just ended lasted as long as the row has counted.
    const phase = ongoing ?? (before === "running" ? "ran" : NO_RUN);
    const changed = [phase, ongoing ? job.updated_at : "", phase === NO_RUN ? "–" : text.textContent];
    const [now, since, lasted] = known.get(undoes) ?? changed;
    place.dataset["phase"] = now;
    words.textContent = now;
    text.dataset["lasting"] = since;
    text.textContent = lasted;
  });
}
