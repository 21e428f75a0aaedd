/** What the palette says below its items, and to screen readers. */
import { errorMessage } from "../api/errors";
import { isInvalidSearch } from "../api/search";
import { h } from "../dom";

/** A quick answer makes no note. */
const SEARCHING_MS = 300;
/** While the user types, nothing is said. */
const SETTLE_MS = 600;

interface State {
  text: string;
  /** How many items are shown. */
  results: number;
  jobs: number;
  error: unknown;
  isPending: boolean;
  opensFirst: boolean;
  isCertain: boolean;
  isReadOnly: boolean;
}

export class Notes {
  readonly #note = h("p", { class: "hint" });
  readonly #spoken = h("p", { class: "visually-hidden", role: "status" });
  readonly elements = [this.#note, this.#spoken];
  #searching: ReturnType<typeof setTimeout> | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;

  show(state: State): void {
    this.stop();
    const note = noteOf(state);
    if (state.isPending && !state.opensFirst) {
      this.#searching = setTimeout(() => this.#set("Searching…"), SEARCHING_MS);
      if (this.#note.textContent !== "Searching…") this.#set("");
      this.#say("");
      return;
    }
    this.#set(note);
    if (state.text === "") this.#say("");
    else if (state.opensFirst) this.#say(note);
    else this.#settling = setTimeout(() => this.#say(note || results(state.results)), SETTLE_MS);
  }

  stop(): void {
    clearTimeout(this.#searching);
    clearTimeout(this.#settling);
  }

  #set(text: string): void {
    this.#note.textContent = text;
  }

  #say(text: string): void {
    this.#spoken.textContent = text;
  }
}

function noteOf({ text, jobs, error, opensFirst, isCertain, isReadOnly }: State): string {
  if (opensFirst) return "Searching… The first job opens as soon as it is found. Esc cancels.";
  if (isInvalidSearch(error)) return error.errors[0]?.detail ?? error.detail;
  if (error !== undefined) return `Couldn’t search jobs. ${errorMessage(error)}`;
  if (text !== "" && jobs === 0 && !isCertain) return "No jobs match";
  return text === "" && isReadOnly ? "The database is read-only at the moment, so nothing can be changed." : "";
}

function results(count: number): string {
  return count === 1 ? "1 result" : `${count} results`;
}
