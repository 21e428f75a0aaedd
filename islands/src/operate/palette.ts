/** The command palette: commands for the selection, whatever the page offers, pages, searches, and jobs by name or id. */
import { isReadOnly } from "../api/health";
import { isComposing } from "../composing";
import { h, isListPage } from "../dom";
import { keysOf } from "../keys/bindings";
import type { Run } from "../keys/listen";
import { strokeOf } from "../keys/strokes";
import { openModal } from "../modal";
import { focusCursor } from "./cursor";
import { isChange } from "./palette-available";
import { paletteCommands } from "./palette-commands";
import { Finder } from "./palette-finder";
import type { PaletteItem } from "./palette-item";
import { allCommands, type Offer, offer } from "./palette-items";
import { List } from "./palette-list";
import { Notes } from "./palette-notes";

const NAME = "Search jobs or run a command";
/** Of a search in the list. */
const MAX_LENGTH = "2000";

/** Whether the database accepted changes when the palette was last opened. */
let mayChange = true;

/** `run` runs a chosen command. */
export function openPalette(run: Run): void {
  const palette = new Palette(run);
  openModal(palette.element).addEventListener("click", () => palette.element.close());
}

class Palette {
  readonly element = h("dialog", { class: "dialog palette", "aria-label": NAME });
  readonly #input = h("input", {
    class: "input",
    role: "combobox",
    "aria-label": NAME,
    "aria-autocomplete": "list",
    "aria-controls": "palette-list",
    placeholder: "Search jobs or type a command",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "go",
    maxlength: MAX_LENGTH,
  });
  readonly #notes = new Notes();
  readonly #list = new List(this.#input, (item) => this.#choose(item));
  readonly #finder = new Finder(() => this.#onFound());
  readonly #closed = new AbortController();
  readonly #run: Run;
  #commands: PaletteItem[];
  #offer: Offer = { items: [], isCertain: true, jobs: 0 };
  /** Enter was pressed before the jobs were found: the first one opens as soon as it is known. */
  #opensFirst = false;

  constructor(run: Run) {
    this.#run = run;
    this.#commands = allCommands(paletteCommands(run, mayChange));
    this.element.append(this.#input, this.#list.element, ...this.#notes.elements);
    this.#wire();
    this.#show();
    if (paletteCommands(run, true).some(({ key }) => isChange(key))) void this.#askWhetherReadOnly();
  }

  get #text(): string {
    return this.#input.value.trim();
  }

  #wire(): void {
    this.#input.addEventListener("input", (event) => {
      // The text of an input method is finished later.
      if (!(event instanceof InputEvent && event.isComposing)) this.#onInput();
    });
    this.#input.addEventListener("compositionend", () => this.#onInput());
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.element.addEventListener("close", () => {
      this.#closed.abort();
      this.#finder.stop();
      this.#notes.stop();
      // The dialog has returned the focus to where it was, which may have been nowhere.
      if (document.activeElement === document.body && isListPage()) focusCursor();
    });
  }

  #onInput(): void {
    this.#stopWaiting();
    this.#finder.find(this.#text);
    this.#list.hasMoved = false;
    this.#show();
  }

  #onFound(): void {
    const opensFirst = this.#opensFirst;
    this.#stopWaiting();
    this.#show();
    const job = this.#finder.jobs.length > 0 ? this.#list.active : undefined;
    if (opensFirst && job) this.#choose(job);
  }

  #show(): void {
    this.#offer = offer(this.#text, this.#commands, this.#finder.jobs);
    this.#list.show(this.#offer.items);
    this.#note();
  }

  #note(): void {
    this.#notes.show({
      text: this.#text,
      results: this.#offer.items.length,
      jobs: this.#offer.jobs,
      error: this.#finder.error,
      isPending: this.#finder.isPending,
      opensFirst: this.#opensFirst,
      isCertain: this.#offer.isCertain,
      isReadOnly: !mayChange,
    });
    this.#list.element.setAttribute("aria-busy", String(this.#opensFirst));
    this.element.toggleAttribute("data-waiting", this.#opensFirst);
  }

  #onKey(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    const stroke = strokeOf(event);
    if (stroke !== undefined && keysOf("palette").includes(stroke)) this.element.close();
    else if (event.key === "Enter") this.#onEnter();
    else if (event.key === "Escape" && this.#opensFirst) this.#stopWaiting();
    else if (this.#list.moveBy(event)) this.#stopWaiting();
    else return;
    event.preventDefault();
  }

  #onEnter(): void {
    const isKnown = this.#list.hasMoved || this.#offer.isCertain || !this.#finder.isPending;
    if (isKnown) {
      if (this.#list.active) this.#choose(this.#list.active);
      return;
    }
    this.#opensFirst = true;
    this.#finder.hurry();
    this.#note();
  }

  #stopWaiting(): void {
    if (!this.#opensFirst) return;
    this.#opensFirst = false;
    this.#note();
  }

  #choose(item: PaletteItem): void {
    this.element.close();
    item.run();
  }

  async #askWhetherReadOnly(): Promise<void> {
    const readOnly = await isReadOnly(this.#closed.signal);
    if (this.#closed.signal.aborted || readOnly !== mayChange) return;
    mayChange = !readOnly;
    this.#commands = allCommands(paletteCommands(this.#run, mayChange));
    this.#show();
  }
}
