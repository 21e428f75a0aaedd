/** The commands of the keymap that can run now, as palette items. */
import { isJobPage, isListPage, rowOf } from "../dom";
import { keysOf } from "../keys/bindings";
import { appliesAt, type Command, type CommandId, type Group, KEYMAP, type Place } from "../keys/keymap";
import type { Run } from "../keys/listen";
import { keysText } from "../keys/strokes";
import { describeJobs } from "./describe";
import { canRun, isChange, isForJobs } from "./palette-available";
import type { PaletteItem } from "./palette-item";
import type { JobRef } from "./rows";
import { selectedCount } from "./selection";
import { targets, withTargets } from "./targets";

const GROUPS: readonly Group[] = ["Change", "Go to", "Move", "Select", "More"];
/** The palette is already open, and a toast has its own button. */
const EXCLUDED = new Set<CommandId>(["palette", "close-toast"]);

/** Those for jobs first. `mayChange`: the database accepts changes. */
export function paletteCommands(run: Run, mayChange: boolean): PaletteItem[] {
  const jobs = targets();
  const here = place();
  const commands = GROUPS.flatMap((group) => KEYMAP.filter((command) => command.group === group)).filter(
    (command) => appliesAt(command, here) && !EXCLUDED.has(command.id) && canRun(command.id),
  );
  return [
    ...commands
      .filter(({ id }) => isForJobs(id) && jobs.length > 0)
      .map((command) => toItem(command, describeTargets(jobs), (id) => withTargets(jobs, () => run(id)))),
    ...commands.filter(({ id }) => !isForJobs(id)).map((command) => toItem(command, command.group, run)),
  ].filter(({ key }) => mayChange || !isChange(key));
}

function place(): Place {
  if (isListPage()) return "list";
  return isJobPage() ? "job" : "other";
}

/** The job's name, or `3 jobs selected`, and how many of them are out of sight. */
function describeTargets(jobs: readonly JobRef[]): string {
  const what = jobs.length === 1 ? describeJobs(jobs) : `${describeJobs(jobs)} selected`;
  const elsewhere = isListPage() ? jobs.filter(({ id }) => !rowOf(id)).length : 0;
  if (elsewhere === 0) return what;
  return jobs.length === 1 ? `${what}, on another page` : `${what}, ${elsewhere} on other pages`;
}

function toItem(
  { id, label, group: words, status }: Command,
  group: string,
  run: (id: CommandId) => void,
): PaletteItem {
  const [keys] = keysOf(id);
  return {
    key: id,
    group,
    label,
    words,
    ...(status && { status }),
    ...(keys && { keys: keysText(keys) }),
    isForJobs: isForJobs(id),
    isForSelection: isForJobs(id) && isListPage() && selectedCount() > 0,
    run: () => run(id),
  };
}
