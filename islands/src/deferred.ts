/** Features loaded after the first paint, each on its own. If one fails to load, the page stays readable without it. */
import { afterPaint } from "./dom";
import { ISLAND_FAILED, type IslandFailure } from "./runtime/definition";

type Load = () => Promise<void>;

const FEATURES: readonly Load[] = [
  // keys, selection and undo
  async () => (await import("./operate/start")).start(),
  // live updates, and whether a new job is in the list
  async () => (await import("./live/start")).startLive(),
  // relative times, times in the user's time zone, and durations
  async () => (await import("./time/start")).startTimes(),
  // half-typed filters and completion
  async () => (await import("./search/start")).startSearch(),
  // the pages of operations
  async () => {
    if (document.body.dataset["page"]?.endsWith("operation")) (await import("./operations/start")).startOperations();
  },
  async () => (await import("./page/activity")).wireActivity(),
  async () => (await import("./page/display-settings")).wireDisplaySettings(),
  async () => (await import("./page/copying")).wireCopying(),
  async () => (await import("./page/offline")).wireOffline(),
];

export function loadDeferred(): void {
  void afterPaint()
    .then(() => Promise.all(FEATURES.map(start)))
    .then(() => document.documentElement.setAttribute("data-complete", ""));
}

function start(load: Load): Promise<void> {
  return load().catch((error: unknown) => {
    console.error(error);
    const detail: IslandFailure = { retry: () => void start(load) };
    document.dispatchEvent(new CustomEvent(ISLAND_FAILED, { detail }));
  });
}
