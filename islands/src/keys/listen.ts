/** Hears keys and tells which command they mean here. Never while typing, never in a dialog. */
import { keysOf } from "./bindings";
import { isComposing } from "./composing";
import { appliesAt, type Command, type CommandId, KEYMAP, type Place } from "./keymap";
import { strokeOf } from "./strokes";

const NEXT_STROKE_MS = 1_500;
/** Of an element that has the focus in the place of a field which is not there yet. */
export const AWAITS_FIELD = "data-awaits-field";
const TYPING = `input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [${AWAITS_FIELD}]`;
const ROWS = "#job-table tbody";
/** What the browser itself uses these for stays so, unless the focus is on a row or on nothing. */
const ALSO_THE_BROWSERS = /^(Shift\+)?(Arrow|Home|End|Enter)/;

/** Answers false where it found nothing to do: then the key is the browser's. */
export type Run = (id: CommandId) => boolean;

let typed: string[] = [];
let forget: ReturnType<typeof setTimeout> | undefined;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(TYPING));
}

function placeOf(target: EventTarget | null): Place {
  if (target instanceof HTMLElement && target.id === "search") return "search";
  if (isTyping(target)) return "field";
  const page = document.body.dataset["page"];
  return page === "job_list" ? "list" : page === "job_detail" ? "job" : "other";
}

function isMeantHere(stroke: string, target: EventTarget | null): boolean {
  const element = target instanceof Element ? target : document.body;
  const onRow = element.closest(ROWS) !== null;
  if (stroke === "Mod+a") return onRow;
  if (stroke === "Enter") return !element.matches("a, button, input, summary");
  return !ALSO_THE_BROWSERS.test(stroke) || onRow || element.matches("body, main, #job-table, #search");
}

function onKey(event: KeyboardEvent, run: Run): void {
  if (event.defaultPrevented || isComposing(event) || document.querySelector("dialog[open]")) return;
  const stroke = strokeOf(event);
  if (stroke === undefined || !isMeantHere(stroke, event.target)) return;
  const place = placeOf(event.target);
  const typing = isTyping(event.target);
  if (typing) typed = [];
  // While typing only what no text is made of: the palette, and the ways out of the field.
  const usable = KEYMAP.filter((one) => appliesAt(one, place) || (typing && one.id === "palette"));
  act(event, stroke, usable, run);
}

function act(event: KeyboardEvent, stroke: string, usable: Command[], run: Run): void {
  const keys = [...typed, stroke].join(" ");
  const meant = usable.find(({ id }) => keysOf(id).includes(keys));
  if (meant) {
    setTyped([]);
    if ((event.repeat && !meant.repeats) || run(meant.id)) event.preventDefault();
  } else if (usable.some(({ id }) => keysOf(id).some((own) => own.startsWith(`${keys} `)))) {
    setTyped([...typed, stroke]);
    event.preventDefault();
  } else if (typed.length > 0) {
    setTyped([]);
    act(event, stroke, usable, run);
  }
}

function setTyped(strokes: string[]): void {
  typed = strokes;
  clearTimeout(forget);
  if (strokes.length > 0) forget = setTimeout(() => setTyped([]), NEXT_STROKE_MS);
}

export function wireKeys(run: Run): void {
  document.addEventListener("keydown", (event) => onKey(event, run));
}
