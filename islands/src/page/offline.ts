/** Reports when the browser goes offline and when it is online again. */
import { announce } from "./announcer";
import { hideBanner, OFFLINE, showOffline } from "./banner";

function online(): void {
  hideBanner(OFFLINE);
  announce(OFFLINE, "You’re back online");
}

export function wireOffline(): void {
  addEventListener("offline", showOffline);
  addEventListener("online", online);
  if (!navigator.onLine) showOffline();
}
