/** After a job was created, leaving the name field leads to it: to its row, or to the link if the list does not show it. */
import { hasOpenPopover, jobRows, rowOf } from "../dom";
import { onEvent } from "../events";
import { keysOf } from "../keys/bindings";
import { keysText } from "../keys/strokes";
import { cursorRow, moveTo } from "./cursor";
import { showHint } from "./hints";

let created: string | undefined;

const form = () => document.querySelector("create-job");

function onCreated(id: string): void {
  created = id;
  const [keys] = keysOf("leave-field");
  if (keys && form()?.contains(document.activeElement)) showHint(`${keysText(keys)} goes to the new job`);
}

/** Leaves a text field for the rows, where single keys run commands. Returns false if Escape closes a popover first. */
export function leaveField(): boolean {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement) || hasOpenPopover()) return false;
  if (form()?.contains(field) && goToCreated()) return true;
  if (!moveTo(cursorRow() ?? jobRows()[0])) field.blur();
  return true;
}

function goToCreated(): boolean {
  const id = created;
  created = undefined;
  if (id === undefined) return false;
  if (moveTo(rowOf(id))) return true;
  const link = form()?.querySelector<HTMLElement>(`a[href="/jobs/${id}/"]`);
  link?.focus();
  return Boolean(link);
}

/** Once the user has gone elsewhere, the field has nothing to lead to any more. */
export function wireCreated(): void {
  onEvent("job:created", ({ job }) => onCreated(job.id));
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    const place = form();
    if (place?.contains(target as Node) && relatedTarget instanceof Node && !place.contains(relatedTarget))
      created = undefined;
  });
}
