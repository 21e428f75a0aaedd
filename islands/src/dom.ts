/** Creates elements, finds the parts of the page that several rooms read, and waits for its paint. Imports nothing. */
type Attributes = Record<string, string | boolean | undefined>;

/** An attribute that is true has no value; false and undefined omit it. Children are text or nodes, never markup. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon from the page's sprite. It is hidden from screen readers, so it needs a text next to it. */
export function icon(name: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

/** The `data-page` of the list and of a job's own page; other pages have other names. */
export const isListPage = () => document.body.dataset["page"] === "job_list";
export const isJobPage = () => document.body.dataset["page"] === "job_detail";

/** The user may look, and not change anything. The server refuses it too. */
export const isReadOnly = () => document.body.dataset["readOnly"] !== undefined;

const ID_PREFIX = "job-";
const ROW = `#job-table tbody tr[id^='${ID_PREFIX}']`;

/** The rows of the job table. Looked up on each use, since htmx replaces them; a selector would try every element in them. */
export function jobRows(): HTMLTableRowElement[] {
  const rows = document.querySelector("#job-table tbody")?.children ?? [];
  return [...rows].filter((row): row is HTMLTableRowElement => row.id.startsWith(ID_PREFIX));
}

export function rowOf(id: string): HTMLTableRowElement | null {
  return document.querySelector<HTMLTableRowElement>(`#job-table tr#${ID_PREFIX}${id}`);
}

export function rowWith(element: Element): HTMLTableRowElement | null {
  return element.closest<HTMLTableRowElement>(ROW);
}

/** The id of the row's job. */
export function jobIdOf(row: Element): string {
  return row.id.slice(ID_PREFIX.length);
}

/** Resolves after the next paint; immediately if the page is hidden. */
export function afterPaint(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/** Replaces what is in the element: the first parts now, and the others after the next paint, unless others are shown by then. */
export function showInSteps(element: Element, parts: readonly Element[], atOnce: number): void {
  const [first] = parts;
  element.replaceChildren(...parts.slice(0, atOnce));
  void afterPaint().then(() => {
    if (first?.parentNode === element) element.append(...parts.slice(atOnce));
  });
}

/** Undefined if the browser does not support `:popover-open`: browsers throw on selectors that they do not know. */
export function hasOpenPopover(): boolean | undefined {
  try {
    return document.querySelector(":popover-open") !== null;
  } catch {
    return undefined;
  }
}
