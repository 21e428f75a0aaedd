/** The palette's grouped items. Arrow keys move the active item while the focus stays in the field. */
import { STATUSES } from "../api/statuses";
import { isComposing } from "../composing";
import { h, icon } from "../dom";
import type { PaletteItem } from "./palette-jobs";

export class List {
  readonly element = h("div", { id: "palette-list", role: "listbox", "aria-label": "Results" });
  readonly note = h("p", { class: "hint", role: "status" });
  #items: readonly PaletteItem[] = [];
  #active = 0;
  readonly #input: HTMLInputElement;
  readonly #onChoose: (item: PaletteItem) => void;

  constructor(input: HTMLInputElement, onChoose: (item: PaletteItem) => void) {
    this.#input = input;
    this.#onChoose = onChoose;
    this.element.addEventListener("click", ({ target }) => this.#run(this.#indexOf(target)));
    this.element.addEventListener("pointermove", ({ target }) => {
      const index = this.#indexOf(target);
      if (index >= 0) this.#activate(index);
    });
    this.element.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** `isPending`: more items may follow, so an empty list does not mean that nothing matches. */
  show(items: readonly PaletteItem[], note: string, isPending = false): void {
    const groups = [...new Set(items.map(({ group }) => group))];
    this.#items = groups.flatMap((name) => items.filter(({ group }) => group === name));
    this.element.replaceChildren(...groups.map((name) => this.#group(name)));
    this.element.hidden = items.length === 0;
    this.#input.setAttribute("aria-expanded", String(items.length > 0));
    this.note.textContent = note || (items.length === 0 && !isPending ? "No matches" : "");
    this.#activate(Math.min(this.#active, Math.max(items.length - 1, 0)));
  }

  toTop(): void {
    this.#activate(0);
  }

  onKey(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    const last = this.#items.length - 1;
    if (event.key === "ArrowDown") this.#activate(this.#active < last ? this.#active + 1 : 0);
    else if (event.key === "ArrowUp") this.#activate(this.#active > 0 ? this.#active - 1 : last);
    else if (event.key === "Enter") this.#run(this.#active);
    else return;
    event.preventDefault();
  }

  #run(index: number): void {
    const item = this.#items[index];
    if (item) this.#onChoose(item);
  }

  #indexOf(target: EventTarget | null): number {
    const line = target instanceof Element ? target.closest("[role=option]") : null;
    return line ? this.#lines().indexOf(line) : -1;
  }

  #lines(): Element[] {
    return [...this.element.querySelectorAll("[role=option]")];
  }

  #activate(index: number): void {
    this.#active = index;
    const lines = this.#lines();
    for (const [at, line] of lines.entries()) line.setAttribute("aria-selected", String(at === index));
    const active = lines[index];
    if (active) this.#input.setAttribute("aria-activedescendant", active.id);
    else this.#input.removeAttribute("aria-activedescendant");
    active?.scrollIntoView({ block: "nearest" });
  }

  #group(name: string): HTMLElement {
    const lines = this.#items.flatMap((item, index) => (item.group === name ? [this.#line(item, index)] : []));
    return h("div", { role: "group", "aria-label": name }, h("p", { "aria-hidden": "true" }, name), ...lines);
  }

  #line({ label, note, status, keys }: PaletteItem, index: number): HTMLElement {
    const line = h("div", { role: "option", id: `palette-${index}`, "aria-selected": "false" });
    if (status) line.append(h("span", { "data-status": status }, icon(STATUSES[status].icon)));
    line.append(h("span", {}, label));
    if (note) line.append(" ", h("small", {}, note));
    if (keys) line.append(h("kbd", { "aria-hidden": "true" }, keys));
    return line;
  }
}
