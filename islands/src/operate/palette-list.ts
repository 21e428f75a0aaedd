/** The palette's grouped items. Keys move the active item while the focus stays in the field. */
import { STATUSES } from "../api/statuses";
import { h, icon, showInSteps } from "../dom";
import type { PaletteItem } from "./palette-item";

const PAGE = 8;
/** They fill what is visible of the list, or nearly so. */
const GROUPS_AT_ONCE = 2;

export class List {
  readonly element = h("div", { id: "palette-list", role: "listbox", "aria-label": "Results", tabindex: "-1" });
  #items: readonly PaletteItem[] = [];
  #lines: HTMLElement[] = [];
  #active = 0;
  /** The user moved to the active item, so it stays active while items come and go around it. */
  hasMoved = false;
  readonly #input: HTMLInputElement;
  readonly #onChoose: (item: PaletteItem) => void;

  constructor(input: HTMLInputElement, onChoose: (item: PaletteItem) => void) {
    this.#input = input;
    this.#onChoose = onChoose;
    this.element.addEventListener("click", ({ target }) => {
      const item = this.#items[this.#indexOf(target)];
      if (item) this.#onChoose(item);
    });
    this.element.addEventListener("pointermove", ({ target }) => {
      const index = this.#indexOf(target);
      if (index >= 0 && index !== this.#active) this.#move(index);
    });
    this.element.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  get active(): PaletteItem | undefined {
    return this.#items[this.#active];
  }

  /** Shows the items with those of a group together, in the order of the groups' first items. */
  show(items: readonly PaletteItem[]): void {
    const key = this.hasMoved ? this.active?.key : undefined;
    const groups = [...new Set(items.map(({ group }) => group))];
    this.#items = groups.flatMap((name) => items.filter(({ group }) => group === name));
    this.#lines = this.#items.map((item, index) => this.#line(item, index));
    showInSteps(
      this.element,
      groups.map((name) => this.#group(name)),
      GROUPS_AT_ONCE,
    );
    this.element.hidden = items.length === 0;
    this.#input.setAttribute("aria-expanded", String(items.length > 0));
    const index = this.#items.findIndex((item) => item.key === key);
    this.hasMoved = index >= 0;
    this.#activate(Math.max(index, 0));
  }

  /** Returns false if the key does not move the active item. Home and End move the caret if there is text. */
  moveBy({ key, ctrlKey }: KeyboardEvent): boolean {
    const last = this.#items.length - 1;
    const at = this.#active;
    const mayJump = ctrlKey || this.#input.value === "";
    if (last < 0) return false;
    if (key === "ArrowDown") this.#move(at < last ? at + 1 : 0);
    else if (key === "ArrowUp") this.#move(at > 0 ? at - 1 : last);
    else if (key === "PageDown") this.#move(Math.min(at + PAGE, last));
    else if (key === "PageUp") this.#move(Math.max(at - PAGE, 0));
    else if (key === "Home" && mayJump) this.#move(0);
    else if (key === "End" && mayJump) this.#move(last);
    else return false;
    return true;
  }

  #move(index: number): void {
    this.hasMoved = true;
    this.#activate(index);
  }

  #indexOf(target: EventTarget | null): number {
    const line = target instanceof Element ? target.closest<HTMLElement>("[role=option]") : null;
    return line ? this.#lines.indexOf(line) : -1;
  }

  #activate(index: number): void {
    this.#active = index;
    for (const [at, line] of this.#lines.entries()) line.setAttribute("aria-selected", String(at === index));
    const active = this.#lines[index];
    if (active) this.#input.setAttribute("aria-activedescendant", active.id);
    else this.#input.removeAttribute("aria-activedescendant");
    // The heading of the first group too.
    if (index === 0) this.element.scrollTop = 0;
    else active?.scrollIntoView({ block: "nearest" });
  }

  #group(name: string): HTMLElement {
    const lines = this.#lines.filter((_, index) => this.#items[index]?.group === name);
    return h("div", { role: "group", "aria-label": name }, h("p", { "aria-hidden": "true" }, name), ...lines);
  }

  #line({ label, text, note, status, keys }: PaletteItem, index: number): HTMLElement {
    const line = h("div", { role: "option", id: `palette-${index}`, "aria-selected": "false" });
    if (status) line.append(h("span", { "data-status": status }, icon(STATUSES[status].icon)));
    const words = text === undefined ? [label] : [label && `${label} `, h("bdi", { translate: "no" }, text)];
    line.append(h("span", {}, ...words));
    if (note) line.append(" ", h("small", {}, note));
    if (keys) line.append(h("kbd", { "aria-hidden": "true" }, keys));
    return line;
  }
}
