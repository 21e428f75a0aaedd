/** A page with times and the choice of the time zone, whose clock is three hours fast. */
import { afterAll, beforeAll, beforeEach, vi } from "vitest";
import { startTimes } from "../time/start";
import { element } from "./page";

export const MADE = Date.parse("2026-11-22T13:42:00Z");
const CONTROL = `<fieldset id="time-zone" disabled>
  <label><input type="radio" name="time-zone" value="utc" checked>UTC</label>
  <label><input type="radio" name="time-zone" value="local"><span data-local-zone>Local</span></label></fieldset>`;

/** A time as the server renders it. */
export const time = (iso: string, show = "") =>
  `<time datetime="${iso}"${show && ` data-show="${show}"`}>${iso.slice(0, 19).replace("T", " ")}</time>`;

export async function show(html: string): Promise<void> {
  document.body.innerHTML = html + CONTROL;
  await vi.advanceTimersByTimeAsync(0);
}

export function reportZone(timeZone: string): void {
  const options = { ...new Intl.DateTimeFormat().resolvedOptions(), timeZone };
  vi.spyOn(Intl.DateTimeFormat.prototype, "resolvedOptions").mockReturnValue(options);
}

export const text = (selector = "time") => element(selector).textContent;
export const chosen = () => (element("#time-zone input:checked") as HTMLInputElement).value;

export async function choose(value: string): Promise<void> {
  element(`#time-zone [value=${value}]`).click();
  await vi.advanceTimersByTimeAsync(0);
}

/** For the tests of a file; the listeners are never removed. */
export function withTimes(): void {
  beforeAll(() => {
    // the client's clock is three hours fast
    vi.useFakeTimers({ now: MADE + 3 * 3_600_000, toFake: ["Date", "setTimeout", "clearTimeout"] });
    document.documentElement.dataset["now"] = "2026-11-22T13:42:00.000000+00:00";
    startTimes();
  });

  afterAll(() => {
    vi.useRealTimers();
  });

  beforeEach(() => {
    vi.setSystemTime(MADE + 3 * 3_600_000);
    reportZone("Europe/Berlin");
    localStorage.clear();
  });
}
