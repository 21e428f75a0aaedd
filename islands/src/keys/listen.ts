/** Maps key presses to commands. Ignores keys while the user types, and in dialogs. */
import { isComposing } from "../composing";
import { isJobPage, isListPage } from "../dom";
import { keysOf } from "./bindings";
import { appliesAt, type Command, type CommandId, KEYMAP, type Place } from "./keymap";
import { strokeOf } from "./strokes";

const NEXT_STROKE_MS = 1_500;
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

/** Returns false if there was nothing to do; the browser then handles the key. */
export type Run = (id: CommandId) => boolean;

let typed: string[] = [];
let resetTimer: ReturnType<typeof setTimeout> | undefined;
/** The last key press that continued a sequence. */
let continued: KeyboardEvent | undefined;

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
  if (stroke === "Enter") return !element.matches("a, button, input, summary");
  return !BROWSER_KEYS.test(stroke) || onRow || element.matches("body, main, #job-table, #search");
}

function onKey(event: KeyboardEvent, run: Run): void {
  if (event.defaultPrevented || isComposing(event) || document.querySelector("dialog[open]")) return;
  const stroke = strokeOf(event);
  if (stroke === undefined || !isHandledHere(stroke, event.target)) return;
  const place = placeOf(event.target);
  const typing = isTyping(event.target);
  if (typing) typed = [];
  // While typing, only shortcuts that write no text: the palette, and those that leave the field.
  const commands = KEYMAP.filter((one) => appliesAt(one, place) || (typing && one.id === "palette"));
  act(event, stroke, commands, run);
}

function act(event: KeyboardEvent, stroke: string, commands: Command[], run: Run): void {
  const keys = [...typed, stroke].join(" ");
  const match = commands.find(({ id }) => keysOf(id).includes(keys));
  if (match) {
    setTyped([]);
    if ((event.repeat && !match.repeats) || run(match.id)) event.preventDefault();
  } else if (commands.some(({ id }) => keysOf(id).some((strokes) => strokes.startsWith(`${keys} `)))) {
    setTyped([...typed, stroke]);
    event.preventDefault();
  } else if (typed.length > 0) {
    setTyped([]);
    act(event, stroke, commands, run);
  }
}

function setTyped(strokes: string[]): void {
  typed = strokes;
  clearTimeout(resetTimer);
  if (strokes.length > 0) resetTimer = setTimeout(() => setTyped([]), NEXT_STROKE_MS);
}

export function wireKeys(run: Run): void {
  // Before the focused control, which may take letters too: in `g f`, the second one belongs to the sequence.
  const onContinuation = (event: KeyboardEvent) => {
    if (typed.length === 0) return;
    continued = event;
    onKey(event, run);
  };
  document.addEventListener("keydown", onContinuation, true);
  document.addEventListener("keydown", (event) => event !== continued && onKey(event, run));
}
