/** What a page does without until it has been drawn: times in the viewer's zone, and buttons that copy. */
import { firstPaint } from "./runtime/first-paint";

/** Until it comes, and where it does not come, the page reads right in UTC. */
export function bringLater(): void {
  firstPaint()
    .then(() => Promise.all([import("./time/start"), import("./page/copying")]))
    .then(([{ startTimes }, { wireCopying }]) => {
      startTimes();
      wireCopying();
    })
    .catch((error: unknown) => {
      console.error(error);
      const detail = { retry: bringLater };
      document.body.dispatchEvent(new CustomEvent("island:failed", { detail, bubbles: true }));
    });
}
