/** What a page does without until it has been drawn. Each part comes by itself; where it cannot, the page reads right. */
import { ISLAND_FAILED, type IslandFailure } from "./runtime/definition";
import { firstPaint } from "./runtime/first-paint";

type Bring = () => Promise<void>;

const PARTS: readonly Bring[] = [
  // keys, selection and undo
  async () => (await import("./operate/start")).start(),
  // what others change
  async () => (await import("./live/start")).startLive(),
  // times in the viewer's zone, going on
  async () => (await import("./time/start")).startTimes(),
  async () => (await import("./page/activity")).wireActivity(),
  async () => (await import("./page/view")).wireView(),
  async () => (await import("./page/copying")).wireCopying(),
  async () => (await import("./page/offline")).wireOffline(),
];

export function bringLater(): void {
  void firstPaint()
    .then(() => Promise.all(PARTS.map(begin)))
    .then(() => document.documentElement.setAttribute("data-complete", ""));
}

function begin(part: Bring): Promise<void> {
  return part().catch((error: unknown) => {
    console.error(error);
    const detail: IslandFailure = { retry: () => void begin(part) };
    document.dispatchEvent(new CustomEvent(ISLAND_FAILED, { detail }));
  });
}
