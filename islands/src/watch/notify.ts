/** Notifications of the browser, which the user is asked about only when something is to be watched. */
import type { Result } from "./store";
import { lines, title } from "./words";

/** `missing`: pages that are not served over HTTPS have none, and some browsers do not. */
export type Permission = NotificationPermission | "missing";

export function permission(): Permission {
  return "Notification" in window ? Notification.permission : "missing";
}

/** Asks if the user has not decided yet. Needs a click or a key press. */
export async function askPermission(): Promise<Permission> {
  if (permission() !== "default") return permission();
  try {
    return await Notification.requestPermission();
  } catch {
    return permission();
  }
}

/** The tag keeps two tabs from showing the same twice. Some phones have notifications only for service workers. */
export function notify(results: readonly Result[], tag: string): void {
  if (permission() !== "granted") return;
  try {
    const shown = new Notification(title(results), { body: lines(results).join("\n"), tag });
    shown.onclick = () => {
      focus();
      shown.close();
    };
  } catch (error) {
    console.info("notifications:", error);
  }
}
