/** Takes back the changes of this tab one by one, and does them again, unless their jobs have changed since. */
import { bulkRestore, bulkUndo } from "../api/bulk";
import { renameJob } from "../api/client";
import { isConflict, isNotFound } from "../api/errors";
import type { Job } from "../api/types";
import { emit } from "../events";
import { failuresOf, type Outcome, resultsOf, runBatch, runBulk } from "./batch";
import { displayJobs, refreshIfOutcomeUnknown, showBusy } from "./displayed-jobs";
import { NOTHING_TO_REDO, NOTHING_TO_UNDO } from "./messages";
import { enqueue } from "./serial-queue";
import { type Action, showToast } from "./toast";
import { undoMessage, whyNeverUndone } from "./undo-messages";
import { drop, type Entry, type RenameItem, redo, type Undoable, undo } from "./undo-stack";
import { readStack, updateStack } from "./undo-storage";

type Item = Undoable["items"][number];

export function undoLast(): void {
  void enqueue(async () => {
    const entry = readStack().done.at(-1);
    if (!entry) showToast({ text: NOTHING_TO_UNDO });
    else if (entry.kind === "unknown") stepOver(entry);
    else await run(entry, "undo");
  });
}

export function redoLast(): void {
  void enqueue(async () => {
    const entry = readStack().undone.at(-1);
    if (entry) await run(entry, "redo");
    else showToast({ text: NOTHING_TO_REDO });
  });
}

/** The button for a toast about a change that this tab has made. It goes away when the change can't be undone any more. */
export function undoAction(key: string): Action {
  return { label: "Undo", run: undoLast, command: "undo", isPossible: () => readStack().done.at(-1)?.key === key };
}

/** The same for a deletion, unless it is final. */
export function undoDeletion(key: string): Action[] {
  return document.querySelector("#delete-dialog[data-final]") ? [] : [undoAction(key)];
}

/** A change whose outcome is unknown is named once. The next undo goes on with the change before it. */
function stepOver(entry: Entry): void {
  updateStack((stack) => drop(stack, entry.key));
  showToast({ text: whyNeverUndone(entry), actions: nextUndo() });
}

async function run(entry: Undoable, direction: "undo" | "redo"): Promise<void> {
  const items: readonly Item[] = entry.items;
  showBusy(items, true);
  const outcomes = await send(entry, direction);
  showBusy(items, false);
  const jobs = resultsOf(outcomes);
  const failures = failuresOf(outcomes);
  const retryable = failures.filter(({ error }) => !isNotFound(error) && !isConflict(error));
  const kept = retryable.map(({ item }) => item.id);
  updateStack((stack) => (direction === "undo" ? undo : redo)(stack, entry.key, jobs, kept));
  if (entry.kind !== "deletion") displayJobs(jobs, entry.kind, items);
  else if (jobs.length > 0) emit("jobs:restored", {});
  refreshIfOutcomeUnknown(failures.map(({ error }) => error));
  const again = direction === "undo" ? undoLast : redoLast;
  const mayRetry = retryable.length > 0;
  showToast({
    ...undoMessage(direction, entry.kind, jobs, failures, mayRetry),
    topic: entry.key,
    actions: mayRetry ? [{ label: "Retry", run: again, command: direction }] : following(direction),
    sticky: failures.length > 0,
  });
}

async function send(entry: Undoable, direction: "undo" | "redo"): Promise<Outcome<Item, Job>[]> {
  if (entry.kind === "deletion") return runBulk<Item, Job>(entry.items, bulkRestore(entry.items.map(({ id }) => id)));
  if (entry.kind === "rename") return runBatch<Item, Job>(entry.items, (item) => rename(item as RenameItem, direction));
  const jobs = entry.items.map((item) => ({ ...item, updatedAt: item.version }));
  // To redo a change is to undo its undo, so that the job's times become what they were, too.
  return runBulk<Item, Job>(entry.items, bulkUndo(jobs));
}

function rename({ id, version, from, to }: RenameItem, direction: "undo" | "redo"): Promise<Job> {
  return renameJob(id, direction === "undo" ? from : to, version);
}

function following(direction: "undo" | "redo"): Action[] {
  if (direction === "redo") return nextUndo("Undo");
  const isPossible = () => readStack().undone.length > 0;
  const again: Action = { label: "Redo", run: redoLast, command: "redo", isPossible };
  return [...(isPossible() ? [again] : []), ...nextUndo()];
}

function nextUndo(label = "Undo again"): Action[] {
  const isPossible = () => readStack().done.length > 0;
  return isPossible() ? [{ label, run: undoLast, command: "undo", isPossible }] : [];
}
