/** The job table is one element that stays while its content is replaced. Detail pages have none. */
export const TABLE_ID = "job-table";

/** Its part that fetches the table anew after a change. */
export const PANEL_ID = "job-panel";

export function jobTable(): HTMLElement | null {
  return document.getElementById(TABLE_ID);
}

/** Where the focus goes when its element is gone; the region carries tabindex="-1". */
export function focusTable(): void {
  jobTable()?.focus({ preventScroll: true });
}

/** True when swapping `target` changes the table. */
export function holdsTable(target: Element): boolean {
  const table = jobTable();
  return target.id === TABLE_ID || (table !== null && target.contains(table));
}
