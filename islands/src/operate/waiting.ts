/**
 * While another list or page is on its way, commands for its rows wait for it: whoever presses `]` and then `x` means
 * the first job of the next page, and not a row that is about to disappear.
 */
import { appliesAt, type CommandId, command } from "../keys/keymap";
import type { Run } from "../keys/listen";
import { type HtmxRequestCtx, onHtmx } from "../page/htmx-events";
import { opensList } from "./arrival";

const MAX_WAITING = 50;
/** Commands that do not depend on the rows, or that the user wants at once. */
const AT_ONCE = new Set<CommandId>(["clear", "undo", "search", "create"]);

const loading = new Set<HtmxRequestCtx>();
let waiting: (() => void)[] = [];
/** Whether a list has arrived since the last request for one has started. */
let hasArrived = false;

function waits(id: CommandId): boolean {
  const entry = command(id);
  return appliesAt(entry, "list") && entry.when !== "anywhere" && !AT_ONCE.has(id);
}

/** Like `run`, but later if the command is meant for a list that is still loading. */
export function whenArrived(run: Run): Run {
  return (id, press) => {
    if (loading.size === 0 || !waits(id)) {
      if (id === "clear") waiting = [];
      return run(id, press);
    }
    if (!press?.repeat && waiting.length < MAX_WAITING) waiting.push(() => void run(id, press));
    return true;
  };
}

/** One of the commands may open another list; the others then wait for that one. Without a list, they are dropped. */
function runWaiting(): void {
  if (!hasArrived) waiting = [];
  while (loading.size === 0) {
    const next = waiting.shift();
    if (!next) return;
    next();
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
  document.addEventListener("pointerdown", () => {
    waiting = [];
  });
}
