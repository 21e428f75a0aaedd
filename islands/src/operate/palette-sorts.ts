/** Both orders of each column that sorts the list, from the links in the table's head. */
import { keysOf } from "../keys/bindings";
import { isCommandId } from "../keys/keymap";
import { keysText } from "../keys/strokes";
import { openList } from "../page/open-list";
import { expectList } from "./arrival";
import type { PaletteItem } from "./palette-item";

const ORDERS: readonly (readonly [columns: RegExp, ascending: string, descending: string])[] = [
  [/^name$/, "A to Z", "Z to A"],
  [/_at$/, "oldest first", "newest first"],
  [/duration|wait|ran|run/, "shortest first", "longest first"],
  [/./, "lowest first", "highest first"],
];
const DIRECTIONS = { ascending: "", descending: "-" };

export function paletteSorts(): PaletteItem[] {
  return [...document.querySelectorAll<HTMLTableCellElement>("#job-table thead th")].flatMap(sortsOf);
}

function sortsOf(heading: HTMLTableCellElement): PaletteItem[] {
  const link = heading.querySelector<HTMLAnchorElement>("a[href]");
  const column = heading.classList.item(0);
  const words = ORDERS.find(([columns]) => column !== null && columns.test(column));
  if (!link || !column || !words) return [];
  const [, ascending, descending] = words;
  // Without the unit, which is a child of its own.
  const name = (link.firstChild?.textContent ?? column).trim().toLowerCase();
  const orders = [["descending", descending] as const, ["ascending", ascending] as const];
  return (column === "name" ? orders.reverse() : orders)
    .filter(([direction]) => heading.getAttribute("aria-sort") !== direction)
    .map(([direction, order]) => ({
      key: `sort ${DIRECTIONS[direction]}${column}`,
      group: "Sort",
      label: `Sort by ${name}, ${order}`,
      ...commandOf(column, isOrderOf(link, column, direction)),
      run: () => {
        expectList();
        openList(urlOf(link, `${DIRECTIONS[direction]}${column}`));
      },
    }));
}

/** Whether the link sorts in this direction. The default order is not in its URL. */
function isOrderOf(link: HTMLAnchorElement, column: string, direction: keyof typeof DIRECTIONS): boolean {
  const ordering = new URL(link.href).searchParams.get("ordering");
  return ordering === null ? direction === "descending" : ordering === `${DIRECTIONS[direction]}${column}`;
}

/** The command that follows the column's link, and its key on the order that the link leads to. */
function commandOf(column: string, isLinked: boolean): Pick<PaletteItem, "replaces" | "keys"> {
  const id = `sort-${column.replace(/_at$/, "")}`;
  if (!isCommandId(id)) return {};
  const [keys] = isLinked ? keysOf(id) : [];
  return { replaces: id, ...(keys && { keys: keysText(keys) }) };
}

function urlOf(link: HTMLAnchorElement, ordering: string): string {
  const url = new URL(link.href);
  url.searchParams.set("ordering", ordering);
  return `${url.pathname}${url.search}`;
}
