/** Every key of the dashboard, in one table: the listener, the help, the palette and docs/keys.md are made from it. */

/** Where a key has a meaning. A field that is being typed in is a place of its own. */
const PLACES = {
  list: ["list"],
  job: ["job"],
  jobs: ["list", "job"],
  anywhere: ["list", "job", "other"],
  search: ["search"],
  field: ["search", "field"],
} as const;

export type Place = (typeof PLACES)[keyof typeof PLACES][number];
export type Group = "Move" | "Select" | "Change" | "Go to" | "More";

interface Entry {
  readonly id: string;
  /** Strokes as `strokeOf` writes them; a blank separates what is pressed one after the other. */
  readonly keys: readonly string[];
  readonly label: string;
  readonly group: Group;
  readonly when: keyof typeof PLACES;
  /** Goes on while the key is held down. */
  readonly repeats?: true;
}

const ENTRIES = [
  { id: "next-row", keys: ["j", "ArrowDown"], label: "Next job", group: "Move", when: "list", repeats: true },
  { id: "previous-row", keys: ["k", "ArrowUp"], label: "Previous job", group: "Move", when: "list", repeats: true },
  { id: "first-row", keys: ["Home"], label: "First job of the page", group: "Move", when: "list" },
  { id: "last-row", keys: ["End"], label: "Last job of the page", group: "Move", when: "list" },
  { id: "enter-rows", keys: ["ArrowDown"], label: "From the search to the jobs", group: "Move", when: "search" },
  { id: "leave-field", keys: ["Escape"], label: "Leave the field, to the jobs", group: "Move", when: "field" },
  { id: "open", keys: ["o", "Enter"], label: "Open the job", group: "Move", when: "list" },
  { id: "next-page", keys: ["]"], label: "Next page (older jobs)", group: "Move", when: "list" },
  { id: "previous-page", keys: ["["], label: "Previous page (newer jobs)", group: "Move", when: "list" },
  { id: "next-job", keys: ["j"], label: "Next job of the list", group: "Move", when: "job" },
  { id: "previous-job", keys: ["k"], label: "Previous job of the list", group: "Move", when: "job" },
  { id: "back", keys: ["u"], label: "Back to the list", group: "Move", when: "job" },

  { id: "toggle", keys: ["x"], label: "Select or unselect the job", group: "Select", when: "list" },
  {
    id: "extend-down",
    keys: ["Shift+j", "Shift+ArrowDown"],
    label: "Select downwards",
    group: "Select",
    when: "list",
    repeats: true,
  },
  {
    id: "extend-up",
    keys: ["Shift+k", "Shift+ArrowUp"],
    label: "Select upwards",
    group: "Select",
    when: "list",
    repeats: true,
  },
  { id: "select-page", keys: ["* a", "Mod+a"], label: "Select the page", group: "Select", when: "list" },
  { id: "clear", keys: ["Escape"], label: "Clear the selection", group: "Select", when: "list" },

  { id: "set-PENDING", keys: ["p"], label: "Set to Pending", group: "Change", when: "jobs" },
  { id: "set-RUNNING", keys: ["r"], label: "Set to Running", group: "Change", when: "jobs" },
  { id: "set-COMPLETED", keys: ["c"], label: "Set to Completed", group: "Change", when: "jobs" },
  { id: "set-FAILED", keys: ["f"], label: "Set to Failed", group: "Change", when: "jobs" },
  { id: "delete", keys: ["Shift+d"], label: "Delete, after asking", group: "Change", when: "jobs" },
  { id: "undo", keys: ["z"], label: "Undo the last status change", group: "Change", when: "jobs" },

  { id: "go-ALL", keys: ["g a"], label: "All jobs", group: "Go to", when: "anywhere" },
  { id: "go-PENDING", keys: ["g p"], label: "Pending jobs", group: "Go to", when: "anywhere" },
  { id: "go-RUNNING", keys: ["g r"], label: "Running jobs", group: "Go to", when: "anywhere" },
  { id: "go-COMPLETED", keys: ["g c"], label: "Completed jobs", group: "Go to", when: "anywhere" },
  { id: "go-FAILED", keys: ["g f"], label: "Failed jobs", group: "Go to", when: "anywhere" },
  { id: "go-home", keys: ["g h"], label: "The list, without filters", group: "Go to", when: "anywhere" },

  { id: "search", keys: ["/"], label: "Search", group: "More", when: "list" },
  { id: "create", keys: ["n"], label: "Create a job", group: "More", when: "list" },
  { id: "close-toast", keys: ["Escape"], label: "Close the message", group: "More", when: "job" },
  { id: "palette", keys: ["Mod+k"], label: "Find a job, or act", group: "More", when: "anywhere" },
  { id: "help", keys: ["?"], label: "Show and change the keys", group: "More", when: "anywhere" },
] as const satisfies readonly Entry[];

export type CommandId = (typeof ENTRIES)[number]["id"];
export type Command = Entry & { readonly id: CommandId };

export const KEYMAP: readonly Command[] = ENTRIES;

export function command(id: CommandId): Command {
  const found = KEYMAP.find((entry) => entry.id === id);
  if (!found) throw new Error(`no command ${id}`);
  return found;
}

export function isCommandId(value: unknown): value is CommandId {
  return KEYMAP.some(({ id }) => id === value);
}

export function appliesAt({ when }: Command, place: Place): boolean {
  return (PLACES[when] as readonly Place[]).includes(place);
}

/** True where both may be meant by the same key. */
export function meet(one: Command, other: Command): boolean {
  return PLACES[one.when].some((place) => appliesAt(other, place));
}
