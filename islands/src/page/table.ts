/** The job table: one element that stays while its content is replaced. Only the list page has it. */
export const TABLE_ID = "job-table";

/** The part of the table that refetches itself after a change. */
export const PANEL_ID = "job-panel";

export function jobTable(): HTMLElement | null {
  return document.getElementById(TABLE_ID);
}

/** Which list the table shows, without the page of it. Undefined if it shows an explanation instead. */
export function listKey(): string | undefined {
  return jobTable()?.dataset["list"] || undefined;
}

/** Moves the focus to what the page is about when the focused element is gone; it has tabindex="-1". */
export function focusTable(): void {
  document.querySelector<HTMLElement>("#job-table, #trash-table, #operation")?.focus({ preventScroll: true });
}

/** True when swapping `target` changes the table. */
export function holdsTable(target: Element): boolean {
  const table = jobTable();
  return target.id === TABLE_ID || (table !== null && target.contains(table));
}
