/**
 * Shows the state of live updates in the header. A click pauses or resumes them. The choice is stored; if that fails, it
 * lasts until the page is left.
 */
import { local } from "../storage";
import type { Condition } from "./poller";

const STORAGE_KEY = "live-updates";
const LABELS: Record<Condition, [label: string, action: string]> = {
  live: ["Live", "Pause live updates"],
  paused: ["Paused", "Resume live updates"],
  failing: ["Reconnecting", "Pause live updates"],
  loggedOut: ["Logged out", "Pause live updates"],
};
const OFFLINE = "Offline";

export function isSwitchedOff(): boolean {
  return local.read(STORAGE_KEY) === "off";
}

export function showCondition(condition: Condition): void {
  const place = document.getElementById("live-state");
  const [toggle, retry] = place?.querySelectorAll<HTMLButtonElement>("button") ?? [];
  const text = toggle?.querySelector("span");
  if (!place || !toggle || !retry || !text) return;
  const [name, action] = LABELS[condition];
  const label = condition === "failing" && !navigator.onLine ? OFFLINE : name;
  if (place.dataset["condition"] === condition && text.textContent === label) return;
  place.dataset["condition"] = condition;
  text.textContent = label;
  toggle.setAttribute("aria-label", `${label}. ${action}`);
  toggle.title = action;
  toggle.dataset["command"] = action;
  if (condition !== "failing" && document.activeElement === retry) toggle.focus();
  retry.hidden = condition !== "failing";
  place.hidden = false;
}

/** `set` is called when the user pauses or resumes live updates, in this tab or another. */
export function wireSwitch(set: (off: boolean) => void, retry: () => void): void {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("#live-state button") : null;
    if (!button) return;
    if (button.hasAttribute("data-retry")) return retry();
    const off = document.getElementById("live-state")?.dataset["condition"] !== "paused";
    local.write(STORAGE_KEY, off ? "off" : null);
    set(off);
  });
  addEventListener("storage", ({ key }) => {
    if (key === STORAGE_KEY) set(isSwitchedOff());
  });
}
