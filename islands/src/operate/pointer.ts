/** The mouse on rows: a click where there is no control opens the job, and dragging over checkboxes selects them. */
import { jobIdOf, rowWith } from "../dom";
import { beginRange, dragRange } from "./checkboxes";
import { rowLink } from "./rows";
import { isSelected } from "./selection";

const CONTROLS = "a, button, label, td.select, td.actions, [role=listbox], .status-error";

/** The row in whose checkbox the button was pressed, and whether the rows are selected or unselected. */
let drag: { row: HTMLTableRowElement; on: boolean; isMoved: boolean } | undefined;

/** A text that is being selected is not a click; a click with a modifier opens a tab, as on a link. */
function onClick(event: MouseEvent): void {
  const { target, ctrlKey, metaKey, shiftKey } = event;
  const row = target instanceof Element && !target.closest(CONTROLS) ? rowWith(target) : null;
  const link = row && rowLink(row);
  if (!link || event.defaultPrevented || shiftKey || getSelection()?.isCollapsed === false) return;
  if (ctrlKey || metaKey) open(link.href, "_blank");
  else link.click();
}

function onPointerDown({ target, button, pointerType, shiftKey }: PointerEvent): void {
  const cell = target instanceof Element ? target.closest("td.select") : null;
  const row = cell && rowWith(cell);
  const isStart = row && button === 0 && pointerType === "mouse" && !shiftKey;
  drag = isStart ? { row, on: !isSelected(jobIdOf(row)), isMoved: false } : undefined;
}

function onPointerOver({ target, buttons }: PointerEvent): void {
  if (!drag) return;
  const row = target instanceof Element ? rowWith(target) : null;
  if (!(buttons & 1)) drag = undefined;
  else if (row && (drag.isMoved || row !== drag.row)) {
    if (!drag.isMoved) beginRange();
    drag.isMoved = true;
    getSelection()?.removeAllRanges();
    dragRange(drag.row, row, drag.on);
  }
}

/** The click that ends a drag in its own row would toggle that row again. */
function onDragged(event: MouseEvent): void {
  if (drag?.isMoved) {
    event.preventDefault();
    event.stopPropagation();
  }
  drag = undefined;
}

export function wirePointer(): void {
  document.addEventListener("click", onDragged, true);
  document.addEventListener("click", onClick);
  document.addEventListener("pointerdown", onPointerDown);
  document.addEventListener("pointerover", onPointerOver);
}
