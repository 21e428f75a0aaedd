/** Asks again and again, never twice at a time, and slower the less it matters. */
import { ask, type Reply } from "./ask";
import { BRISK, nextDelay, SETTLED, TOO_MANY } from "./pace";
import { readScreen } from "./screen";

export type Condition = "live" | "paused" | "failing";

/** Puts the answer on the page. True where it changed something there. */
export type Apply = (text: string) => boolean;

export class Poller {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;
  #paused = false;
  #surroundings = "";
  #failures = 0;
  #lastDelay = BRISK;
  #took = 0;
  #askedFor = 0;
  #touchedAt = Date.now();
  #changedAt = Date.now();
  #hiddenAt: number | undefined = document.hidden ? Date.now() : undefined;

  constructor(
    private readonly apply: Apply,
    private readonly show: (condition: Condition) => void,
  ) {}

  get condition(): Condition {
    if (this.#paused) return "paused";
    return this.#failures >= TOO_MANY ? "failing" : "live";
  }

  set paused(paused: boolean) {
    this.#paused = paused;
    this.#failures = navigator.onLine ? 0 : TOO_MANY;
    this.#stop();
    if (!paused) this.#wait(0);
    this.show(this.condition);
  }

  /**
   * Another list is on the screen, or the same one has just been fetched: what was asked about the old one is void. And
   * that a list came says that the server is there again.
   */
  begin(): void {
    this.#stop();
    this.#surroundings = "";
    this.#changedAt = Date.now();
    if (this.#failures) this.soon();
    else this.#schedule();
  }

  touched(): void {
    const before = this.#touchedAt;
    this.#touchedAt = Date.now();
    if (this.#touchedAt - before > SETTLED) this.soon();
  }

  hidden(hidden: boolean): void {
    this.#hiddenAt = hidden ? Date.now() : undefined;
    if (hidden) this.#schedule();
    else this.soon();
  }

  /** Somebody looks, or the way to the server is back. */
  soon(): void {
    if (!this.#request) this.#wait(Math.random() * 500);
  }

  /** The way to the server is gone, which need not be found out by failing. An answer on its way says nothing of it. */
  lost(): void {
    this.#stop();
    this.#failures = Math.max(this.#failures, TOO_MANY);
    this.show(this.condition);
    this.#schedule();
  }

  /** The operator does not want to wait. */
  retry(): void {
    if (!this.#request) this.#wait(0);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#request?.abort();
    this.#request = undefined;
  }

  #schedule(): void {
    const now = Date.now();
    const delay = nextDelay(
      {
        hiddenFor: this.#hiddenAt === undefined ? undefined : now - this.#hiddenAt,
        untouchedFor: now - this.#touchedAt,
        unchangedFor: now - this.#changedAt,
        lastDelay: this.#lastDelay,
        took: this.#took,
        askedFor: this.#askedFor,
        failures: this.#failures,
      },
      Math.random(),
    );
    this.#lastDelay = delay ?? BRISK;
    this.#wait(delay);
  }

  #wait(delay: number | undefined): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#paused || delay === undefined) return;
    this.#timer = setTimeout(() => void this.#ask(), delay);
  }

  async #ask(): Promise<void> {
    this.#timer = undefined;
    const screen = readScreen();
    if (!screen || this.#request) return;
    const request = new AbortController();
    this.#request = request;
    try {
      const reply = await ask(screen, this.#surroundings, request.signal);
      if (!request.signal.aborted) this.#heard(reply);
    } catch (error) {
      if (request.signal.aborted) return;
      this.#failures += 1;
      if (this.#failures === TOO_MANY) console.info("live updates:", error);
    }
    if (request.signal.aborted) return;
    this.#request = undefined;
    this.show(this.condition);
    this.#schedule();
  }

  #heard({ text, surroundings, took, askedFor }: Reply): void {
    if (text !== undefined && this.apply(text)) this.#changedAt = Date.now();
    this.#surroundings = surroundings;
    this.#failures = 0;
    this.#took = took;
    this.#askedFor = askedFor;
  }
}
