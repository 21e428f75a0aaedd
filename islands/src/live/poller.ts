/** Polls for live updates, one request at a time, and less often when the page is not in use. */
import { readLiveView } from "./live-view";
import { ACTIVE, FAILURE_LIMIT, IDLE_AFTER, nextDelay } from "./poll-delay";
import { fetchUpdate, LoggedOut, type Reply } from "./request";

/** A response that takes longer is late: what the page shows may not be live. */
const LATE_MS = 5_000;

export type Condition = "live" | "paused" | "failing" | "loggedOut";

/** Applies an update to the page. Returns true if it changed something. */
type Apply = (text: string) => boolean;

export class Poller {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;
  #paused = false;
  #summaryTag = "";
  #failures = 0;
  #isLoggedOut = false;
  /** The response is late. */
  #isLate = false;
  #lastDelay = ACTIVE;
  #responseTime = 0;
  #minDelay = 0;
  #activeAt = Date.now();
  #changedAt = Date.now();
  #hiddenAt: number | undefined = document.hidden ? Date.now() : undefined;

  constructor(
    private readonly apply: Apply,
    private readonly show: (condition: Condition) => void,
  ) {}

  get condition(): Condition {
    if (this.#paused) return "paused";
    if (this.#isLoggedOut) return "loggedOut";
    return this.#isLate || this.#failures >= FAILURE_LIMIT ? "failing" : "live";
  }

  set paused(paused: boolean) {
    this.#paused = paused;
    this.#failures = navigator.onLine ? 0 : FAILURE_LIMIT;
    this.#stop();
    if (!paused) this.#wait(0);
    this.show(this.condition);
  }

  /**
   * Called when a list has been fetched: aborts a request about the old one. After failures it polls soon, since the
   * server evidently responds again.
   */
  reset(): void {
    this.#stop();
    this.#summaryTag = "";
    this.#changedAt = Date.now();
    if (this.#failures) this.pollSoon();
    else this.#schedule();
  }

  recordActivity(): void {
    const previous = this.#activeAt;
    this.#activeAt = Date.now();
    if (this.#activeAt - previous > IDLE_AFTER) this.pollSoon();
  }

  setHidden(hidden: boolean): void {
    this.#hiddenAt = hidden ? Date.now() : undefined;
    if (hidden) this.#schedule();
    else this.pollSoon();
  }

  /** The page is visible again, or the browser is back online. */
  pollSoon(): void {
    if (!this.#request) this.#wait(Math.random() * 500);
  }

  /** The browser is offline: reports it without waiting for failures. Aborts the pending request. */
  connectionLost(): void {
    this.#stop();
    this.#failures = Math.max(this.#failures, FAILURE_LIMIT);
    this.show(this.condition);
    this.#schedule();
  }

  /** Polls immediately. */
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
        idleFor: now - this.#activeAt,
        unchangedFor: now - this.#changedAt,
        lastDelay: this.#lastDelay,
        responseTime: this.#responseTime,
        minDelay: this.#minDelay,
        failures: this.#failures,
      },
      Math.random(),
    );
    this.#lastDelay = delay ?? ACTIVE;
    this.#wait(delay);
  }

  #wait(delay: number | undefined): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#paused || delay === undefined) return;
    this.#timer = setTimeout(() => void this.#poll(), delay);
  }

  async #poll(): Promise<void> {
    this.#timer = undefined;
    const view = readLiveView();
    if (!view || this.#request) return;
    const request = new AbortController();
    this.#request = request;
    const late = setTimeout(() => this.#onLate(), LATE_MS);
    try {
      const reply = await fetchUpdate(view, this.#summaryTag, request.signal);
      if (!request.signal.aborted) this.#handleReply(reply);
    } catch (error) {
      if (request.signal.aborted) return;
      this.#failures += 1;
      this.#isLoggedOut = error instanceof LoggedOut;
      if (this.#failures === FAILURE_LIMIT) console.info("live updates:", error);
    } finally {
      clearTimeout(late);
      this.#isLate = false;
    }
    if (request.signal.aborted) return;
    this.#request = undefined;
    this.show(this.condition);
    this.#schedule();
  }

  #onLate(): void {
    if (!this.#request) return;
    this.#isLate = true;
    this.show(this.condition);
  }

  #handleReply({ text, summaryTag, responseTime, minDelay }: Reply): void {
    if (text !== undefined && this.apply(text)) this.#changedAt = Date.now();
    this.#summaryTag = summaryTag;
    this.#failures = 0;
    this.#isLoggedOut = false;
    this.#responseTime = responseTime;
    this.#minDelay = minDelay;
  }
}
