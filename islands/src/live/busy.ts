/** Whether the user is in the middle of something in a row or control, so that updates to it must wait. */
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, [contenteditable]";

/** An open list of statuses needs no waiting: it stays open, and shows the job's new status. */
export function isBusy(part: Element): boolean {
  if (part.matches("[data-busy]") || part.querySelector('[aria-busy="true"]')) return true;
  const focused = document.activeElement;
  return focused !== null && part.contains(focused) && focused.matches(TYPING);
}
