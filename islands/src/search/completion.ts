/** Suggests fields, values and recent searches while somebody types in the search field. Loaded when it gets the focus. */
import { isComposing } from "../composing";
import { announce } from "../page/announcer";
import { beginFilter, searchField } from "../page/half-typed";
import { MAX_SEARCH_LENGTH, readRecent } from "../page/recent";
import { todayIn } from "./days";
import { readGrammar } from "./grammar";
import { activeSuggestion, isShown, move, onlySuggestion, show, suggestionAt } from "./popup";
import { type Suggestion, suggest } from "./suggest";

/** After the last letter. */
const PAUSE_MS = 1000;

let timer: ReturnType<typeof setTimeout> | undefined;
/** Where the caret was when the suggestions were found. */
let caret = 0;
/** The window lost the focus while the field had it: its return is no wish to see suggestions. */
let isReturning = false;

export function refresh(isAsked = false): void {
  const field = searchField();
  if (!field) return;
  caret = field.selectionStart ?? 0;
  const { searches } = readRecent();
  const typed = { text: field.value, caret, isAsked, recent: searches, today: todayIn(field.form) };
  show(caret === field.selectionEnd ? suggest(typed, readGrammar()) : []);
  clearTimeout(timer);
  if (isShown()) timer = setTimeout(announceCount, PAUSE_MS);
}

/** Not while the user moves through them: then each is read. */
function announceCount(): void {
  const count = document.getElementById("search-options")?.children.length ?? 0;
  if (isShown() && !activeSuggestion()) announce("suggestions", count === 1 ? "1 suggestion" : `${count} suggestions`);
}

function close(): void {
  clearTimeout(timer);
  if (isShown()) show([]);
}

/** Types the text, so that the browser can undo it, and the page searches as after any other typing. */
function choose({ text, start, end, isOpen, isRecent }: Suggestion): void {
  const field = searchField();
  if (!field) return;
  const { value } = field;
  const next = value.charAt(end);
  const isLast = !isOpen && !isRecent && next !== ",";
  const space = isLast && !/\s/.test(next) ? " " : "";
  if (value.length - (end - start) + text.length + space.length > MAX_SEARCH_LENGTH) return;
  field.focus();
  field.setSelectionRange(start, end);
  if (!document.execCommand?.("insertText", false, text + space)) {
    field.setRangeText(text + space, start, end, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
  }
  // After the space, also after one that was there already.
  const at = start + text.length + (isLast ? 1 : 0);
  field.setSelectionRange(at, at);
  if (isOpen) {
    beginFilter(start);
    refresh();
  } else close();
}

/** Returns whether the key was taken. */
function onListKey({ key, shiftKey }: KeyboardEvent): boolean {
  if (key === "ArrowDown" || key === "ArrowUp") move(key === "ArrowDown" ? 1 : -1);
  else if (key === "Escape") close();
  else if (key === "Enter" || (key === "Tab" && !shiftKey)) {
    const chosen = activeSuggestion() ?? (key === "Tab" ? onlySuggestion() : undefined);
    if (chosen) choose(chosen);
    else close();
    return chosen !== undefined;
  } else return false;
  return true;
}

/** Before the shortcuts, and before others that leave the field on Escape. */
function onKey(event: KeyboardEvent): void {
  const { key, altKey, ctrlKey, metaKey, shiftKey, target } = event;
  if (target !== searchField() || event.defaultPrevented || isComposing(event) || ctrlKey || metaKey) return;
  let isTaken = false;
  if (altKey) {
    isTaken = key === "ArrowDown" || (key === "ArrowUp" && isShown());
    if (isTaken && key === "ArrowDown") refresh(true);
    else if (isTaken) close();
  } else if (isShown() && !(shiftKey && key.startsWith("Arrow"))) isTaken = onListKey(event);
  if (!isTaken) return;
  event.preventDefault();
  event.stopPropagation();
}

function refreshIfEmpty({ target }: Event): void {
  if (target === searchField() && !isReturning && searchField()?.value === "" && !isShown()) refresh();
  isReturning = false;
}

export function wireCompletion(): void {
  document.addEventListener("keydown", onKey, true);
  // An input method's unfinished text does not get here.
  document.addEventListener("input", ({ target }) => target === searchField() && refresh(), true);
  document.addEventListener("compositionstart", ({ target }) => target === searchField() && close());
  document.addEventListener("selectionchange", () => {
    if (isShown() && document.activeElement === searchField() && searchField()?.selectionStart !== caret) refresh();
  });
  document.addEventListener("focusin", refreshIfEmpty);
  document.addEventListener("focusout", ({ target }) => target === searchField() && close());
  addEventListener("blur", () => {
    isReturning = document.activeElement === searchField();
  });
  document.addEventListener("click", (event) => {
    const suggestion = suggestionAt(event.target);
    if (suggestion) choose(suggestion);
    else refreshIfEmpty(event);
  });
  // Pressing a suggestion leaves the focus in the field.
  document.addEventListener("mousedown", (event) => {
    if (event.target instanceof Element && event.target.closest("#search-options")) event.preventDefault();
  });
}
