/** Reports when the browser goes offline and when it is online again. */
import { announce } from "./announcer";
import { hideBanner, showBanner } from "./banner";

const TOPIC = "offline";

function offline(): void {
  showBanner(TOPIC, "You’re offline. This page may be out of date.");
}

function online(): void {
  hideBanner(TOPIC);
  announce(TOPIC, "You’re back online");
}

export function wireOffline(): void {
  addEventListener("offline", offline);
  addEventListener("online", online);
  if (!navigator.onLine) offline();
}
