/** Maps key presses to commands. Ignores keys while the user types, and in dialogs. */
import { isComposing } from "../composing";
import { isJobPage, isListPage } from "../dom";
import { areSingleKeysOff, keysOf } from "./bindings";
import { appliesAt, type Command, type CommandId, KEYMAP, type Place } from "./keymap";
import { labelOf } from "./labels";
import { isCharacter, strokesOf } from "./strokes";

/** Long enough to read which keys may follow. */
const NEXT_STROKE_MS = 5_000;
const MAX_COUNT = 999;
/** Marks an element that holds the focus for a text field that is not mounted yet. */
export const AWAITS_FIELD = "data-awaits-field";
const TYPING = [
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit])",
  "textarea",
  "select",
  '[role=combobox][aria-expanded="true"]', // letters find a status
  `[${AWAITS_FIELD}]`,
].join();
const ROWS = "#job-table tbody";
/** Keys that keep their function in the browser, unless the focus is on a row or on no control. */
const BROWSER_KEYS = /^(Shift\+)?(Arrow|Home|End|Enter)/;
/** Commands that work while the user types, by keys that write no text. */
const WHILE_TYPING = new Set<CommandId>(["palette", "help"]);

export interface Press {
  /** The number typed before a motion. */
  count?: number;
  /** The key is held down. */
  repeat?: boolean;
}

/** Returns false if there was nothing to do; the browser then handles the key. */
export type Run = (id: CommandId, press?: Press) => boolean;

/** The beginning of a sequence, and what may follow. */
export interface Pending {
  typed: string;
  next: { keys: string; label: string }[];
}

let typed: string[] = [];
let count = "";
let resetTimer: ReturnType<typeof setTimeout> | undefined;
/** The last key press that continued a sequence. */
let continued: KeyboardEvent | undefined;
let onChange: (pending: Pending | undefined) => void = () => {};

/** Calls the handler when a sequence begins, goes on, or ends. */
export function onPending(handler: (pending: Pending | undefined) => void): void {
  onChange = handler;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(TYPING));
}

function placeOf(target: EventTarget | null): Place {
  if (target instanceof HTMLElement && target.id === "search") return "search";
  if (isTyping(target)) return "field";
  if (isListPage()) return "list";
  return isJobPage() ? "job" : "other";
}

function isHandledHere(stroke: string, target: EventTarget | null): boolean {
  const element = target instanceof Element ? target : document.body;
  const onRow = element.closest(ROWS) !== null;
  if (stroke === "Mod+a") return onRow;
  if (stroke === "Space") return element.matches(`${onRow ? "a, " : ""}body, main, #job-table, #job-peek`);
  if (stroke === "Enter") return element.id === "search" || !element.matches("a, button, input, summary");
  return !BROWSER_KEYS.test(stroke) || onRow || element.matches("body, main, #job-table, #search");
}

function onKey(event: KeyboardEvent, run: Run): void {
  if (event.defaultPrevented || isComposing(event) || document.querySelector("dialog[open]")) return;
  const strokes = strokesOf(event).filter((stroke) => isHandledHere(stroke, event.target));
  if (strokes.length === 0) return;
  const place = placeOf(event.target);
  const typing = isTyping(event.target);
  if (typing) reset();
  if (isPending() && strokes.includes("Escape")) {
    reset();
    event.preventDefault();
    return;
  }
  const commands = KEYMAP.filter((one) => appliesAt(one, place) || (typing && WHILE_TYPING.has(one.id)));
  const candidates = typing ? strokes.filter((stroke) => !isCharacter(stroke)) : strokes;
  const act = () => candidates.some((stroke) => press(event, stroke, commands, run));
  if (act() || !isPending()) return;
  // Not a sequence: its last key stands for itself.
  reset();
  act();
}

/** Returns false if the stroke means nothing here. */
function press(event: KeyboardEvent, stroke: string, commands: readonly Command[], run: Run): boolean {
  const keys = [...typed, stroke].join(" ");
  const match = commands.find(({ id }) => keysOf(id).includes(keys));
  const next = commands.flatMap((one) =>
    continuations(one.id, keys).map((rest) => ({ keys: rest, label: labelOf(one) })),
  );
  if (match) {
    const times = match.counts && count ? { count: Number(count) } : {};
    reset();
    const { repeat } = event;
    if ((repeat && !match.repeats) || run(match.id, { repeat, ...times })) event.preventDefault();
  } else if (next.length > 0) {
    wait([...typed, stroke], count, { typed: keys, next });
    event.preventDefault();
  } else if (isDigitOfCount(stroke) && commands.some((one) => one.counts)) {
    wait([], `${Math.min(Number(count + stroke), MAX_COUNT)}`, { typed: count + stroke, next: [] });
    event.preventDefault();
  } else return false;
  return true;
}

/** What may follow these keys in the sequences of a command. */
function continuations(id: CommandId, keys: string): string[] {
  const longer = keysOf(id).filter((strokes) => strokes.startsWith(`${keys} `));
  return longer.map((strokes) => strokes.slice(keys.length + 1));
}

function isDigitOfCount(stroke: string): boolean {
  return typed.length === 0 && !areSingleKeysOff() && (count === "" ? /^[1-9]$/ : /^\d$/).test(stroke);
}

const isPending = () => typed.length > 0 || count !== "";

function wait(strokes: string[], number: string, pending: Pending): void {
  [typed, count] = [strokes, number];
  clearTimeout(resetTimer);
  resetTimer = setTimeout(reset, NEXT_STROKE_MS);
  onChange(pending);
}

function reset(): void {
  if (!isPending()) return;
  [typed, count] = [[], ""];
  clearTimeout(resetTimer);
  onChange(undefined);
}

export function wireKeys(run: Run): void {
  addEventListener("popstate", reset);
  // Before the focused control, which may take letters too: in `g f`, the second one belongs to the sequence.
  const onContinuation = (event: KeyboardEvent) => {
    if (typed.length === 0) return;
    continued = event;
    onKey(event, run);
  };
  document.addEventListener("keydown", onContinuation, true);
  document.addEventListener("keydown", (event) => event !== continued && onKey(event, run));
}
