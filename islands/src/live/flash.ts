/** Briefly highlights rows that other clients changed. Not animated with reduced motion. */
import { rowOf } from "../dom";

const DURATION_MS = 1_500;

export function flash(ids: string[]): void {
  const rows = ids.map(rowOf).filter((row) => row !== null);
  for (const row of rows) row.setAttribute("data-flash", "");
  if (rows.length === 0) return;
  setTimeout(() => {
    for (const row of rows) row.removeAttribute("data-flash");
  }, DURATION_MS);
}
