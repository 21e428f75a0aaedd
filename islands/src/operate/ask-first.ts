/** Asks before a command changes jobs that the page does not show, and names them. */
import { h, jobRows, rowOf } from "../dom";
import { keysOf } from "../keys/bindings";
import type { CommandId } from "../keys/keymap";
import { keysText, strokesOf } from "../keys/strokes";
import { nameItems, openFresh } from "../page/confirm-dialog";
import { jobCount } from "../page/job-count";
import type { JobRef } from "./rows";

/** The jobs among these that are not in the table. */
export function jobsElsewhere(jobs: readonly JobRef[]): JobRef[] {
  return jobs.filter(({ id }) => !rowOf(id));
}

/** Runs `action` at once if the page shows all the jobs. The command's keys, pressed again, confirm the question. */
export function askIfElsewhere(
  command: CommandId,
  jobs: readonly JobRef[],
  question: string,
  action: () => void,
): void {
  const elsewhere = jobsElsewhere(jobs);
  if (elsewhere.length === 0) action();
  else openFresh(createDialog(question, elsewhere, jobs.length, keysOf(command).filter(isPlain), action));
}

/** No sequence, and no key that presses the button with the focus. */
const isPlain = (keys: string) => !/ |^Space$|^Enter$/.test(keys);

/** The focus is on Cancel, so that other keys that were meant for the list confirm nothing. */
function createDialog(
  question: string,
  elsewhere: readonly JobRef[],
  total: number,
  keys: readonly string[],
  action: () => void,
): HTMLDialogElement {
  const [key] = keys;
  const hint = key ? [" ", h("kbd", { "aria-hidden": "true" }, keysText(key))] : [];
  const dialog = h(
    "dialog",
    { class: "dialog ask-first", "aria-labelledby": "asked-title" },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "asked-title" }, question),
      h("p", {}, intro(elsewhere.length, total)),
      h("ul", { class: "names" }, ...nameItems(elsewhere)),
      h(
        "menu",
        {},
        h("li", {}, h("button", { value: "cancel", class: "button" }, "Cancel")),
        h(
          "li",
          {},
          h(
            "button",
            { value: "confirm", class: "button primary", "data-confirm": true, "aria-keyshortcuts": key },
            "Change all",
            ...hint,
          ),
        ),
      ),
    ),
  );
  dialog.addEventListener("keydown", (event) => {
    if (event.repeat || !strokesOf(event).some((stroke) => keys.includes(stroke))) return;
    event.preventDefault();
    dialog.close("confirm");
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "confirm") action();
  });
  return dialog;
}

function intro(elsewhere: number, total: number): string {
  const where = jobRows().length > 0 ? "not on this page" : "not shown";
  return elsewhere === total
    ? `${jobCount(total)}, ${where}:`
    : `${elsewhere} of them ${elsewhere === 1 ? "is" : "are"} ${where}:`;
}
