/** Takes back the last status change, job by job, unless a job has moved on since. */
import { ApiError, isUnsure } from "../api/errors";
import { statusLabel } from "../api/statuses";
import type { Job } from "../api/types";
import { undoStatus } from "../api/undo";
import { announce } from "../page/announcer";
import { answersOf, each, failuresOf } from "./each";
import { inTurn } from "./in-turn";
import { type Changed, lastChange, rememberChange } from "./last-change";
import { lookAgain, showBusy, showJobs } from "./shown";
import { showToast, toastStays } from "./toast";
import { isGone, reasons, shortName, whichJobs } from "./words";

const WIDTH = 4;
type Failure = { item: Changed; error: unknown };

export function undoLast(): void {
  void inTurn(async () => {
    const jobs = lastChange();
    if (jobs.length === 0) {
      if (toastStays()) announce("undo", "There is nothing to undo.");
      else showToast({ text: "There is nothing to undo." });
      return;
    }
    rememberChange([]);
    showBusy(jobs, true);
    const outcomes = await each(jobs, WIDTH, ({ id, updatedAt }) => undoStatus(id, updatedAt));
    showBusy(jobs, false);
    const failures = failuresOf(outcomes);
    const again = failures.filter(({ error }) => !isGone(error) && !isConflict(error));
    rememberChange(again.map(({ item }) => item));
    const undone = answersOf(outcomes);
    showJobs(undone);
    lookAgain(failures.map(({ error }) => error));
    tell(undone, failures, again.length > 0);
  });
}

/** Something newer has happened: what was asked for would undo that. */
function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}

function tell(undone: readonly Job[], failures: readonly Failure[], mayRetry: boolean): void {
  const [only] = failures;
  const alone = only && failures.length === 1 && !mayRetry ? only : undefined;
  showToast({
    text: [said(undone), alone ? refusal(alone) : summary(failures)].filter(Boolean).join(" "),
    details: alone ? [] : failures.map(line),
    actions: mayRetry ? [{ label: "Retry", run: undoLast, command: "undo" }] : [],
    stays: failures.length > 0,
  });
}

function said(undone: readonly Job[]): string {
  const [only] = undone;
  if (!only) return "";
  if (undone.length === 1) return `${shortName(only)} is ${statusLabel(only.current_status)} again.`;
  return `${whichJobs(undone)} are what they were before.`;
}

function refusal({ item, error }: Failure): string {
  return `${shortName(item)} ${isGone(error) ? "was deleted" : "has changed since"}: nothing was undone.`;
}

function summary(failures: readonly Failure[]): string {
  if (failures.length === 0) return "";
  const which = whichJobs(failures.map(({ item }) => item));
  const isOpen = failures.every(({ error }) => isUnsure(error));
  return isOpen ? `It is not known whether ${which} could be undone.` : `${which} could not be undone.`;
}

function line(failure: Failure): string {
  return isConflict(failure.error) ? `${shortName(failure.item)} has changed since.` : (reasons([failure])[0] ?? "");
}
