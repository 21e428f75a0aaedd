/** Brings the live updates once the page has been drawn. Where they cannot come, the page is as it was without them. */
import { firstPaint } from "./runtime/first-paint";

export function wireLive(): void {
  void firstPaint()
    .then(() => import("./live/start"))
    .then(({ startLive }) => startLive())
    .catch(console.error);
}
