/**
 * While a filter is being typed, the list stays as it was: a line below the search field says what is still wrong. Enter,
 * or leaving the field, shows the error in place of the list.
 */
import { announce } from "./announcer";
import { type HtmxRequestCtx, onHtmx } from "./htmx-events";
import { TABLE_ID } from "./table";

const PAUSE_MS = 2000;
/** What the search field last got no list for; undefined if its text is the one of the list, or was not sent yet. */
let doubt: string | undefined;
let lastInput = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let isPressed = false;
let leftByPointer = false;

const searchField = () => document.querySelector<HTMLInputElement>("input#search");

/** The first error of a search that was sent because of what was typed, while the field has the focus. */
function doubted({ sourceEvent, response, text }: HtmxRequestCtx): string | undefined {
  if (response?.status !== 400 || sourceEvent?.type !== "input" || document.activeElement !== searchField()) return;
  const page = new DOMParser().parseFromString(text ?? "", "text/html");
  return page.getElementById(TABLE_ID)?.dataset["doubted"];
}

function show(text: string | undefined): void {
  doubt = text;
  clearTimeout(timer);
  const line = document.getElementById("search-doubt");
  if (!line) return;
  line.textContent = text ?? "";
  line.hidden = text === undefined;
  if (text) timer = setTimeout(() => announce("search", text), PAUSE_MS - (performance.now() - lastInput));
}

function onInput({ target }: Event): void {
  if (target !== searchField()) return;
  lastInput = performance.now();
  clearTimeout(timer);
}

/** Searches again, now with the error in place of the list. */
function submit(): void {
  if (doubt !== undefined && document.hasFocus()) searchField()?.form?.requestSubmit();
}

/** After a click: the list must not move away below the pointer, and a link leads elsewhere. */
function onLeave({ target }: FocusEvent): void {
  if (doubt === undefined || target !== searchField()) return;
  if (isPressed) leftByPointer = true;
  else submit();
}

function onRelease(): void {
  isPressed = false;
  // the click comes first
  setTimeout(() => {
    if (leftByPointer) submit();
    leftByPointer = false;
  });
}

function onClick({ target }: Event): void {
  if (target instanceof Element && target.closest("a[href]")) leftByPointer = false;
}

export function wireHalfTyped(): void {
  document.addEventListener("input", onInput, true);
  document.addEventListener("focusout", onLeave);
  document.addEventListener(
    "pointerdown",
    () => {
      isPressed = true;
    },
    true,
  );
  document.addEventListener("pointerup", onRelease, true);
  document.addEventListener("pointercancel", onRelease, true);
  document.addEventListener("click", onClick, true);
  // Canceled, as by wireSwaps, so that the URL stays that of the list.
  onHtmx("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    if (ctx.target.id !== TABLE_ID) return;
    const text = doubted(ctx);
    if (text !== undefined) event.preventDefault();
    show(text);
  });
}
