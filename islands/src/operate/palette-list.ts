/** The palette's lines in their groups: one is active, and follows the arrows while the focus stays in the field. */
import { isComposing } from "../keys/composing";
import { h, icon } from "./dom";
import type { Offer } from "./palette-jobs";

export class List {
  readonly element = h("div", { id: "palette-list", role: "listbox", "aria-label": "Offers" });
  readonly note = h("p", { class: "hint", role: "status" });
  #offers: readonly Offer[] = [];
  #active = 0;
  readonly #input: HTMLInputElement;
  readonly #choose: (offer: Offer) => void;

  constructor(input: HTMLInputElement, choose: (offer: Offer) => void) {
    this.#input = input;
    this.#choose = choose;
    this.element.addEventListener("click", ({ target }) => this.#run(this.#indexOf(target)));
    this.element.addEventListener("pointermove", ({ target }) => {
      const index = this.#indexOf(target);
      if (index >= 0) this.#activate(index);
    });
    this.element.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** `more`: some are still to come, so that nothing found yet is no news. */
  show(offers: readonly Offer[], note: string, more = false): void {
    const groups = [...new Set(offers.map(({ group }) => group))];
    this.#offers = groups.flatMap((name) => offers.filter(({ group }) => group === name));
    this.element.replaceChildren(...groups.map((name) => this.#group(name)));
    this.element.hidden = offers.length === 0;
    this.#input.setAttribute("aria-expanded", String(offers.length > 0));
    this.note.textContent = note || (offers.length === 0 && !more ? "Nothing matches." : "");
    this.#activate(Math.min(this.#active, Math.max(offers.length - 1, 0)));
  }

  toTop(): void {
    this.#activate(0);
  }

  onKey(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    const last = this.#offers.length - 1;
    if (event.key === "ArrowDown") this.#activate(this.#active < last ? this.#active + 1 : 0);
    else if (event.key === "ArrowUp") this.#activate(this.#active > 0 ? this.#active - 1 : last);
    else if (event.key === "Enter") this.#run(this.#active);
    else return;
    event.preventDefault();
  }

  #run(index: number): void {
    const offer = this.#offers[index];
    if (offer) this.#choose(offer);
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
    const lines = this.#offers.flatMap((offer, index) => (offer.group === name ? [this.#line(offer, index)] : []));
    return h("div", { role: "group", "aria-label": name }, h("p", { "aria-hidden": "true" }, name), ...lines);
  }

  #line({ label, note, picture, keys }: Offer, index: number): HTMLElement {
    const line = h("div", { role: "option", id: `palette-${index}`, "aria-selected": "false" });
    if (picture) line.append(h("span", { "data-status": picture.replace("status-", "") }, icon(picture)));
    line.append(h("span", {}, label));
    if (note) line.append(" ", h("small", {}, note));
    if (keys) line.append(h("kbd", { "aria-hidden": "true" }, keys));
    return line;
  }
}
