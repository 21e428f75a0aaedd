/**
 * While another list or page is on its way, commands for its rows wait for it: whoever presses `]` and then `x` means
 * the first job of the next page, and not a row that is about to disappear. A search waits too, because it is one in that
 * list: its form has the status and the order of the list that is shown.
 */
import { appliesAt, type CommandId, command } from "../keys/keymap";
import type { Run } from "../keys/listen";
import { type HtmxRequestCtx, onHtmx } from "../page/htmx-events";
import { isTyping } from "../page/typing";
import { opensList } from "./arrival";

const MAX_WAITING = 50;
/** Commands that do not depend on the rows, or that the user wants at once. */
const AT_ONCE = new Set<CommandId>(["clear", "undo", "search", "create"]);

const FORM_ID = "job-search";

interface Waiting {
  run: () => void;
  isSearch?: true;
}

const loading = new Set<HtmxRequestCtx>();
let waiting: Waiting[] = [];
/** Whether a list has arrived since the last request for one has started. */
let hasArrived = false;

function waits(id: CommandId): boolean {
  const entry = command(id);
  return appliesAt(entry, "list") && entry.when !== "anywhere" && !AT_ONCE.has(id);
}

/** What was typed for the rows that did not come is dropped. A search is not: its text stands in the field. */
function dropCommands(): void {
  waiting = waiting.filter(({ isSearch }) => isSearch);
}

/** Searches supersede each other, but not the list that a link opens. */
function holdSearch(event: CustomEvent<{ ctx: HtmxRequestCtx }>): void {
  const form = event.detail.ctx.sourceElement;
  const field = form.querySelector<HTMLInputElement>("#search");
  if (form.id !== FORM_ID || !field || [...loading].every(({ sourceElement }) => sourceElement.id === FORM_ID)) return;
  event.preventDefault();
  const text = field.value;
  const run = () => {
    if (!isTyping()) field.value = text;
    (form as HTMLFormElement).requestSubmit();
  };
  waiting = [...waiting.filter(({ isSearch }) => !isSearch), { run, isSearch: true }];
}

/** Like `run`, but later if the command is meant for a list that is still loading. */
export function whenArrived(run: Run): Run {
  return (id, press) => {
    if (loading.size === 0 || !waits(id)) {
      if (id === "clear") dropCommands();
      return run(id, press);
    }
    if (!press?.repeat && waiting.length < MAX_WAITING) waiting.push({ run: () => void run(id, press) });
    return true;
  };
}

/**
 * One of the commands may open another list; the others then wait for that one. Without a list they are dropped, and so
 * are those after one that asks: what is typed then answers the question.
 */
function runWaiting(): void {
  if (!hasArrived) dropCommands();
  while (loading.size === 0) {
    if (document.querySelector("dialog[open]")) dropCommands();
    const next = waiting.shift();
    if (!next) return;
    next.run();
  }
}

export function wireWaiting(): void {
  onHtmx("htmx:before:request", ({ detail: { ctx } }) => {
    if (!opensList(ctx)) return;
    loading.add(ctx);
    hasArrived = false;
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    if (loading.has(ctx)) hasArrived = true;
  });
  onHtmx("htmx:finally:request", ({ detail: { ctx } }) => {
    if (loading.delete(ctx)) runWaiting();
  });
  onHtmx("htmx:config:request", holdSearch);
  document.addEventListener("pointerdown", dropCommands);
}
