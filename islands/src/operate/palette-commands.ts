/** The commands that apply to the current page, as palette items. */
import { isListPage } from "../dom";
import { keysOf } from "../keys/bindings";
import { appliesAt, type Command, type Group, KEYMAP } from "../keys/keymap";
import type { Run } from "../keys/listen";
import { keysText } from "../keys/strokes";
import { describeJobs } from "./describe";
import type { PaletteItem } from "./palette-jobs";
import { targets } from "./targets";

const GROUPS: readonly Group[] = ["Change", "Go to", "Select", "More"];
/** Extending the selection needs the cursor in view, the palette is already open, and a toast has its own button. */
const EXCLUDED = new Set(["extend-down", "extend-up", "palette", "close-toast"]);
const NEEDS_JOBS = /^(set-|delete|rename)/;

export function paletteCommands(text: string, run: Run): PaletteItem[] {
  const jobs = targets();
  const place = isListPage() ? "list" : "job";
  const words = text.toLowerCase().split(/\s+/);
  return GROUPS.flatMap((group) => KEYMAP.filter((command) => command.group === group))
    .filter((command) => appliesAt(command, document.body.dataset["page"] === "message" ? "other" : place))
    .filter(({ id }) => !EXCLUDED.has(id) && (jobs.length > 0 || !NEEDS_JOBS.test(id)))
    .filter((command) => words.every((word) => `${command.group} ${command.label}`.toLowerCase().includes(word)))
    .map((command) => toItem(command, NEEDS_JOBS.test(command.id) ? describeJobs(jobs) : command.group, run));
}

function toItem({ id, label, status }: Command, group: string, run: Run): PaletteItem {
  const [keys] = keysOf(id);
  return {
    group,
    label,
    ...(status && { status }),
    ...(keys && { keys: keysText(keys) }),
    run: () => void run(id),
  };
}
