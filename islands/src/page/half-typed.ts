/**
 * While a filter is being typed, the list stays as it was: a line below the search field says what is still wrong. Enter,
 * or leaving the field, shows the error in place of the list. There, typing on replaces it by the newest one.
 */
import htmx from "htmx.org";
import { announce } from "./announcer";
import { type HtmxRequestCtx, onHtmx } from "./htmx-events";
import { TABLE_ID } from "./table";

const PAUSE_MS = 2000;
/** What explains the error in place of the list. */
const ERROR_ID = "search-wrong";
/** What the search field last got no list for; undefined if its text is the one of the list, or was not sent yet. */
let doubt: string | undefined;
/** A text with a filter that a suggestion has begun, and the text without it, which is searched for meanwhile. */
let begun: { text: string; rest: string } | undefined;
let lastInput = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let isPressed = false;
let leftByPointer = false;

export const searchField = () => document.querySelector<HTMLInputElement>("input#search");

const isBegun = () => begun?.text === searchField()?.value;

/** To be called after such a suggestion was written between `start` and the caret. */
export function beginFilter(start: number): void {
  const { value: text = "", selectionEnd } = searchField() ?? {};
  const rest = text.slice(0, start).replace(/\S+$/, "") + text.slice(selectionEnd ?? start).replace(/^\S+/, "");
  begun = { text, rest: rest.trim() };
}

/** The response to what was typed, while the field has the focus, if it shows an error. */
function errorPage({ sourceEvent, response, text }: HtmxRequestCtx): Document | undefined {
  if (response?.status !== 400 || sourceEvent?.type !== "input" || document.activeElement !== searchField()) return;
  return new DOMParser().parseFromString(text ?? "", "text/html");
}

/** Returns false if no error stands in place of the list. */
function replaceError(page: Document): boolean {
  const shown = document.getElementById(ERROR_ID);
  const newer = page.getElementById(ERROR_ID);
  if (!shown || !newer) return false;
  shown.replaceWith(newer);
  htmx.process(newer);
  return true;
}

/** `text` is the first error. */
function show(text: string | undefined, page?: Document): void {
  doubt = text;
  clearTimeout(timer);
  const line = document.getElementById("search-doubt");
  if (!line) return;
  const isBelow = text !== undefined && !(page && replaceError(page));
  line.textContent = isBelow ? text : "";
  line.hidden = !isBelow;
  if (text) timer = setTimeout(() => announce("search", text), PAUSE_MS - (performance.now() - lastInput));
}

function onInput({ target }: Event): void {
  if (target !== searchField()) return;
  lastInput = performance.now();
  clearTimeout(timer);
}

/** Searches again, now with the error in place of the list. */
function submit(): void {
  if ((doubt !== undefined || isBegun()) && document.hasFocus()) searchField()?.form?.requestSubmit();
}

/** Its response says what is wrong. Leaving the field meanwhile must not send another search, which would replace this one. */
function onSubmit({ target }: Event): void {
  if (target !== searchField()?.form) return;
  begun = undefined;
  show(undefined);
}

/** After a click: the list must not move away below the pointer, and a link leads elsewhere. */
function onLeave({ target }: FocusEvent): void {
  if ((doubt === undefined && !isBegun()) || target !== searchField()) return;
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
  document.addEventListener("submit", onSubmit, true);
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
  onHtmx("htmx:config:request", ({ detail: { ctx } }) => {
    if (ctx.sourceEvent?.type === "input" && isBegun()) (ctx.request.body as FormData).set("q", begun?.rest ?? "");
  });
  // Canceled, as by wireSwaps, so that the URL stays that of the list.
  onHtmx("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    if (ctx.target.id !== TABLE_ID) return;
    const page = errorPage(ctx);
    const text = page?.getElementById(TABLE_ID)?.dataset["doubted"];
    if (text !== undefined) event.preventDefault();
    show(text, page);
  });
}
