/** Watches, and tells: in a notification, in the title of a tab that is not looked at, and in the page when it is. */

import { showBadge } from "./badge";
import { poll, pollSoon } from "./poller";
import { type Result, readWatched, writeWatched } from "./store";

let isWired = false;

/** Asks, if something is watched. Call it again when that changes. `tell` shows results in the page. */
export function startWatching(tell: (results: readonly Result[]) => void): void {
  const look = () => {
    const watched = readWatched();
    const { unseen } = watched;
    const isLookedAt = !document.hidden && document.hasFocus();
    showBadge(isLookedAt ? 0 : unseen.length);
    if (!isLookedAt || unseen.length === 0) return;
    writeWatched({ ...watched, unseen: [] });
    tell(unseen);
  };
  void poll(look);
  look();
  if (isWired) return;
  isWired = true;
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", () => {
    look();
    if (!document.hidden) pollSoon();
  });
  addEventListener("online", pollSoon);
}
