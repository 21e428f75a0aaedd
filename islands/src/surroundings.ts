/** What stands around the table and comes when it can be read: the picture, the view, the connection. */
import { firstPaint } from "./runtime/first-paint";

export function bringSurroundings(): void {
  firstPaint()
    .then(() => Promise.all([import("./page/activity"), import("./page/view"), import("./page/offline")]))
    .then(([{ wireActivity }, { wireView }, { wireOffline }]) => {
      wireActivity();
      wireView();
      wireOffline();
    })
    .catch((error: unknown) => {
      console.error(error);
      const detail = { retry: bringSurroundings };
      document.dispatchEvent(new CustomEvent("island:failed", { detail }));
    });
}
