/** Sets the status of one job or of several, and says what became of them. */
import { setStatus } from "../api/client";
import { ApiError, isUnsure } from "../api/errors";
import { setStatusOfMany } from "../api/many";
import { statusLabel } from "../api/statuses";
import type { Job, StatusType } from "../api/types";
import { answersOf, each, failuresOf, type Outcome } from "./each";
import { inTurn } from "./in-turn";
import { asChanged, rememberChange } from "./last-change";
import type { Named } from "./rows";
import { unchoose } from "./selection";
import { lookAgain, seenOf, showBusy, showJobs, shownOf } from "./shown";
import { showToast } from "./toast";
import { undoLast } from "./undo";
import { isGone, reason, reasons, whichJobs } from "./words";

export function setStatuses(jobs: readonly Named[], status: StatusType, done: readonly Job[] = []): Promise<void> {
  showBusy(jobs, true); // also while another change is under way
  return inTurn(async () => {
    showBusy(jobs, true);
    const outcomes =
      jobs.length > 1
        ? await together(jobs, status)
        : await each(jobs, 1, ({ id }) => setStatus(id, status, shownOf(id)));
    showBusy(jobs, false);
    const now = answersOf(outcomes);
    const failures = failuresOf(outcomes);
    unchoose(failures.filter(({ error }) => isGone(error)).map(({ item }) => item.id));
    showJobs(now);
    lookAgain(failures.map(({ error }) => error));
    const changed = [...done, ...now];
    // After a change that may have been made, the one before is not the last any more.
    if (changed.length > 0 || failures.some(({ error }) => isUnsure(error))) rememberChange(changed.map(asChanged));
    tell(changed, failures, status);
  });
}

/** By one request; where that fails, each of them has failed. Never rejects. */
function together(jobs: readonly Named[], status: StatusType): Promise<Outcome<Named, Job>[]> {
  const ids = jobs.map(({ id }) => id);
  return setStatusOfMany(ids, status, seenOf(ids, status)).then(
    (results) =>
      jobs.map((item, index) => {
        const result = results[index];
        return result instanceof ApiError || !result ? { item, error: result } : { item, answer: result };
      }),
    (error: unknown) => jobs.map((item) => ({ item, error })),
  );
}

type Failures = ReturnType<typeof failuresOf<Named, Job>>;

/** Also after a choice in a job's own dropdown. */
export function tell(changed: readonly Job[], failures: Failures, status: StatusType): void {
  const again = failures.filter(({ error }) => !isGone(error)).map(({ item }) => item);
  const retry = () => void setStatuses(again, status, changed);
  showToast({
    text: outcome(changed, failures, status),
    // Of one job the name has been said.
    details: changed.length + failures.length > 1 ? reasons(failures) : failures.map(({ error }) => reason(error)),
    actions: [
      ...(again.length > 0 ? [{ label: "Retry", run: retry }] : []),
      ...(changed.length > 0 ? [{ label: "Undo", run: undoLast, command: "undo" as const }] : []),
    ],
    stays: failures.length > 0,
  });
}

function outcome(changed: readonly Job[], failures: Failures, status: StatusType): string {
  const label = statusLabel(status);
  if (failures.length === 0) return `${whichJobs(changed)} ${changed.length === 1 ? "is" : "are"} now ${label}.`;
  if (changed.length > 0) return `${changed.length} of ${changed.length + failures.length} jobs are now ${label}.`;
  const which = whichJobs(failures.map(({ item }) => item));
  if (failures.every(({ error }) => isUnsure(error))) return `It is not known whether ${which} became ${label}.`;
  return `${which} could not be set to ${label}.`;
}
