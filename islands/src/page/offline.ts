/** Says that the connection is gone, and when it is back: what is shown meanwhile may have changed since. */
import { announce } from "./announcer";
import { hideBanner, showBanner } from "./banner";

const TOPIC = "offline";

function offline(): void {
  showBanner(TOPIC, "You are offline. What you see may have changed since.");
}

function online(): void {
  hideBanner(TOPIC);
  announce(TOPIC, "Online again");
}

export function wireOffline(): void {
  addEventListener("offline", offline);
  addEventListener("online", online);
  if (!navigator.onLine) offline();
}
