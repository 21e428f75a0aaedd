/** The commands that make sense here, as the palette offers them. */
import { keysOf } from "../keys/bindings";
import { appliesAt, type Command, type Group, KEYMAP } from "../keys/keymap";
import { keysText } from "../keys/strokes";
import { runCommand } from "./commands";
import type { Offer } from "./palette-jobs";
import { isListPage } from "./rows";
import { targets } from "./targets";
import { whichJobs } from "./words";

const GROUPS: readonly Group[] = ["Change", "Go to", "Select", "More"];
/** Steps of the cursor mean nothing in a list of commands; the palette is open already; a message has its own button. */
const LEFT_OUT = new Set(["extend-down", "extend-up", "palette", "close-toast"]);
const NEEDS_JOBS = /^(set-|delete)/;

export function offersFor(text: string): Offer[] {
  const jobs = targets();
  const place = isListPage() ? "list" : "job";
  const words = text.toLowerCase().split(/\s+/);
  return GROUPS.flatMap((group) => KEYMAP.filter((command) => command.group === group))
    .filter((command) => appliesAt(command, document.body.dataset["page"] === "message" ? "other" : place))
    .filter(({ id }) => !LEFT_OUT.has(id) && (jobs.length > 0 || !NEEDS_JOBS.test(id)))
    .filter((command) => words.every((word) => `${command.group} ${command.label}`.toLowerCase().includes(word)))
    .map((command) => offer(command, NEEDS_JOBS.test(command.id) ? whichJobs(jobs) : command.group));
}

function offer({ id, label }: Command, group: string): Offer {
  const [keys] = keysOf(id);
  const status = /^(?:set|go)-(PENDING|RUNNING|COMPLETED|FAILED)$/.exec(id)?.[1];
  return {
    group,
    label,
    ...(status && { picture: `status-${status}` }),
    ...(keys && { keys: keysText(keys) }),
    run: () => void runCommand(id),
  };
}
