/** Renames a job, in a dialog. If the job has changed since it was displayed, says so before the name is replaced. */
import { getJob, renameJob } from "../api/client";
import { isConflict, isOutcomeUnknown, jobErrorMessage } from "../api/errors";
import { fieldMessages } from "../api/field-errors";
import { isolate } from "../api/names";
import { STATUSES } from "../api/statuses";
import type { Job } from "../api/types";
import { rowOf } from "../dom";
import { askForName } from "./ask-for-name";
import { moveTo } from "./cursor";
import { nameInText } from "./describe";
import { displayedState, displayJobs, refreshIfOutcomeUnknown } from "./displayed-jobs";
import type { JobRef } from "./rows";
import { renameSelected } from "./selection";
import { enqueue } from "./serial-queue";
import { showToast } from "./toast";
import { undoAction } from "./undo";
import { push } from "./undo-stack";
import { newEntryKey, updateStack } from "./undo-storage";

/** The name that is replaced, and the version that has it; undefined if the page does not show the job. */
interface Shown {
  name: string;
  updatedAt: string | undefined;
}

export function askToRename({ id, name }: JobRef): void {
  let shown: Shown = { name, updatedAt: displayedState(id)?.updatedAt || undefined };
  const rename = async (to: string) => {
    try {
      const version = shown.updatedAt ?? (await getJob(id)).updated_at;
      onRenamed(await renameJob(id, to, version), shown.name);
    } catch (error) {
      refreshIfOutcomeUnknown([error]);
      if (isOutcomeUnknown(error)) rememberUnknown({ id, name: shown.name });
      const now = isConflict(error) ? await getJob(id).catch(() => undefined) : undefined;
      const text = now ? conflictText(now, shown) : reason(error);
      // What the next attempt replaces.
      if (now) shown = { name: now.name, updatedAt: now.updated_at };
      throw new Error(text);
    }
  };
  askForName({
    title: "Rename job",
    name,
    save: async (to) => {
      if (to !== shown.name) await enqueue(() => rename(to));
    },
    reasonOf: (error) => (error as Error).message,
    focusAfter: () => moveTo(rowOf(id)),
  });
}

function onRenamed(job: Job, from: string): void {
  const key = newEntryKey();
  const { id, name, updated_at: version } = job;
  updateStack((stack) => push(stack, { kind: "rename", key, items: [{ id, name, version, from, to: name }] }));
  renameSelected(id, name);
  displayJobs([job], "rename");
  const text = `Renamed ${nameInText({ name: from })} to ${nameInText(job)}.`;
  showToast({ text, topic: key, actions: [undoAction(key)] });
}

/** Undo must not take back the change before this one, which may have been made. */
function rememberUnknown(job: JobRef): void {
  updateStack((stack) => push(stack, { kind: "unknown", key: `rename ${job.id}`, items: [job] }));
}

function conflictText(now: Job, shown: Shown): string {
  const state = now.name === shown.name ? STATUSES[now.current_status].label : `named ${isolate(now.name)}`;
  return `${nameInText(shown)} has changed since: it is now ${state}. Save again to rename it anyway.`;
}

const reason = (error: unknown) => fieldMessages(error, "name") ?? jobErrorMessage(error);
