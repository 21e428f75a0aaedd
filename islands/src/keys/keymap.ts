/** All keyboard shortcuts. The listener, the help dialog, the palette and docs/keys.md are derived from this table. */
import { STATUS_TYPES, STATUSES } from "../api/statuses";
import type { StatusType } from "../api/types";

/** Where a shortcut applies. Text fields are places of their own. */
const PLACES = {
  list: ["list"],
  job: ["job"],
  jobs: ["list", "job"],
  pages: ["job", "other"],
  anywhere: ["list", "job", "other"],
  search: ["search"],
  field: ["search", "field"],
} as const;

export type Place = (typeof PLACES)[keyof typeof PLACES][number];
export type Group = "Move" | "Select" | "Change" | "Go to" | "More";

interface Entry {
  readonly id: string;
  /** Strokes as `strokeOf` writes them; a space separates the strokes of a sequence. */
  readonly keys: readonly string[];
  readonly label: string;
  readonly group: Group;
  readonly when: keyof typeof PLACES;
  /** Repeats while the key is held down. */
  readonly repeats?: true;
  /** Takes a count that is typed before it: `5 j`. */
  readonly counts?: true;
  /** The status that the command sets or lists. */
  readonly status?: StatusType;
}

const SET_STATUS = STATUS_TYPES.map((status) => {
  const { label, key } = STATUSES[status];
  return { id: `set-${status}`, keys: [key], label: `Set to ${label}`, group: "Change", when: "jobs", status } as const;
});

const GO_TO_STATUS = STATUS_TYPES.map((status) => {
  const { label, key } = STATUSES[status];
  const keys = [`g ${key}`];
  return { id: `go-${status}`, keys, label: `${label} jobs`, group: "Go to", when: "anywhere", status } as const;
});

const VIEWS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;
const GO_TO_VIEW = VIEWS.map((number) => {
  const keys = [`g ${number}`];
  return { id: `go-view-${number}`, keys, label: `Saved view ${number}`, group: "Go to", when: "anywhere" } as const;
});

const MOTION = { repeats: true, counts: true } as const;

const ENTRIES = [
  { id: "next-row", keys: ["j", "ArrowDown"], label: "Next job", group: "Move", when: "list", ...MOTION },
  { id: "previous-row", keys: ["k", "ArrowUp"], label: "Previous job", group: "Move", when: "list", ...MOTION },
  { id: "first-row", keys: ["g g", "Home"], label: "First job on the page", group: "Move", when: "list" },
  { id: "last-row", keys: ["Shift+g", "End"], label: "Last job on the page", group: "Move", when: "list" },
  { id: "run-search", keys: ["Enter"], label: "Search, and go to the first result", group: "Move", when: "search" },
  {
    id: "enter-rows",
    keys: ["ArrowDown"],
    label: "Go to suggestions, or else to results",
    group: "Move",
    when: "search",
  },
  {
    id: "leave-field",
    keys: ["Escape"],
    label: "Close suggestions, or else leave field",
    group: "Move",
    when: "field",
  },
  { id: "open", keys: ["o", "Enter"], label: "Open job", group: "Move", when: "list" },
  { id: "peek", keys: ["Space"], label: "Peek at the job beside the list, or close it", group: "Move", when: "list" },
  { id: "enter-peek", keys: ["ArrowRight"], label: "Go into the peek (← goes back)", group: "Move", when: "list" },
  { id: "next-page", keys: ["]"], label: "Next page", group: "Move", when: "list" },
  { id: "previous-page", keys: ["["], label: "Previous page", group: "Move", when: "list" },
  { id: "first-page", keys: ["{"], label: "First page", group: "Move", when: "list" },
  { id: "last-page", keys: ["}"], label: "Last page", group: "Move", when: "list" },
  { id: "next-job", keys: ["j"], label: "Next job in the list", group: "Move", when: "job" },
  { id: "previous-job", keys: ["k"], label: "Previous job in the list", group: "Move", when: "job" },
  { id: "back", keys: ["u"], label: "Back to the list", group: "Move", when: "pages" },

  { id: "toggle", keys: ["x"], label: "Toggle selection", group: "Select", when: "list" },
  {
    id: "extend-down",
    keys: ["Shift+j", "Shift+ArrowDown"],
    label: "Extend selection down",
    group: "Select",
    when: "list",
    ...MOTION,
  },
  {
    id: "extend-up",
    keys: ["Shift+k", "Shift+ArrowUp"],
    label: "Extend selection up",
    group: "Select",
    when: "list",
    ...MOTION,
  },
  { id: "select-page", keys: ["* a", "Mod+a"], label: "Select all on this page", group: "Select", when: "list" },
  { id: "compare", keys: ["="], label: "Compare two jobs", group: "Select", when: "list" },
  { id: "clear", keys: ["Escape"], label: "Clear selection", group: "Select", when: "list" },

  ...SET_STATUS,
  { id: "delete", keys: ["Shift+d"], label: "Delete…", group: "Change", when: "jobs" },
  { id: "rename", keys: ["e"], label: "Rename…", group: "Change", when: "jobs" },
  { id: "change-all", keys: ["Shift+a"], label: "Change selected, or all that match…", group: "Change", when: "list" },
  { id: "undo", keys: ["z"], label: "Undo the last change", group: "Change", when: "jobs" },
  { id: "redo", keys: ["Shift+z"], label: "Redo", group: "Change", when: "jobs" },

  { id: "go-ALL", keys: ["g a"], label: "All jobs", group: "Go to", when: "anywhere" },
  ...GO_TO_STATUS,
  { id: "go-home", keys: ["g h"], label: "List without filters", group: "Go to", when: "anywhere" },
  { id: "operations", keys: ["g o"], label: "Operations", group: "Go to", when: "anywhere" },
  { id: "trash", keys: ["g t"], label: "Trash", group: "Go to", when: "anywhere" },
  { id: "watched", keys: ["g w"], label: "Watched jobs and lists", group: "Go to", when: "anywhere" },

  ...GO_TO_VIEW,

  { id: "search", keys: ["/"], label: "Search", group: "More", when: "list" },
  { id: "sort-name", keys: ["s n"], label: "Sort by name", group: "More", when: "list" },
  { id: "sort-created", keys: ["s c"], label: "Sort by creation time", group: "More", when: "list" },
  { id: "sort-updated", keys: ["s u"], label: "Sort by last update", group: "More", when: "list" },
  { id: "copy-ids", keys: ["y i"], label: "Copy ID", group: "More", when: "jobs" },
  { id: "copy-names", keys: ["y n"], label: "Copy name", group: "More", when: "jobs" },
  { id: "copy-links", keys: ["y l"], label: "Copy link", group: "More", when: "jobs" },
  { id: "save-view", keys: ["v"], label: "Save as a view…", group: "More", when: "list" },
  { id: "update-view", keys: ["Shift+v"], label: "Save changes to the view", group: "More", when: "list" },
  { id: "watch", keys: ["w"], label: "Watch, or stop watching", group: "More", when: "jobs" },
  { id: "watch-view", keys: ["Shift+w"], label: "Watch this list, or stop watching it", group: "More", when: "list" },
  { id: "copy-curl", keys: ["y c"], label: "Copy as curl", group: "More", when: "jobs" },
  { id: "export-csv", keys: ["y s"], label: "Export selection as CSV", group: "More", when: "jobs" },
  { id: "export-ndjson", keys: ["y j"], label: "Export selection as NDJSON", group: "More", when: "jobs" },
  { id: "create", keys: ["n"], label: "Create job", group: "More", when: "list" },
  { id: "close-toast", keys: ["Escape"], label: "Close notification", group: "More", when: "pages" },
  { id: "palette", keys: ["Mod+k"], label: "Search jobs or run a command", group: "More", when: "anywhere" },
  { id: "help", keys: ["?", "F1"], label: "Keyboard shortcuts", group: "More", when: "anywhere" },
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

/** Whether both commands apply in some common place, so that they cannot share a key. */
export function overlaps(one: Command, other: Command): boolean {
  return PLACES[one.when].some((place) => appliesAt(other, place));
}
