/** The small state in the header: Live, Paused, or that it failed. It switches the updates off and on, and remembers. */
import type { Condition } from "./poller";

const KEY = "live-updates";
const WORDS: Record<Condition, [shown: string, does: string]> = {
  live: ["Live", "Pause live updates"],
  paused: ["Paused", "Resume live updates"],
  failing: ["Live updates paused", "Pause live updates"],
};

export function isSwitchedOff(): boolean {
  try {
    return localStorage.getItem(KEY) === "off";
  } catch {
    return false;
  }
}

export function showCondition(condition: Condition): void {
  const place = document.getElementById("live-state");
  const [toggle, retry] = place?.querySelectorAll<HTMLButtonElement>("button") ?? [];
  const label = toggle?.querySelector("span");
  if (!place || !toggle || !retry || !label) return;
  const [shown, does] = WORDS[condition];
  if (place.dataset["condition"] === condition) return;
  place.dataset["condition"] = condition;
  label.textContent = shown;
  toggle.setAttribute("aria-label", `${shown}. ${does}`);
  toggle.title = does;
  if (condition !== "failing" && document.activeElement === retry) toggle.focus();
  retry.hidden = condition !== "failing";
  place.hidden = false;
}

/** `set` hears of the operator's wish, in this tab or another. */
export function wireSwitch(set: (off: boolean) => void, retry: () => void): void {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("#live-state button") : null;
    if (!button) return;
    if (button.hasAttribute("data-retry")) return retry();
    const off = document.getElementById("live-state")?.dataset["condition"] !== "paused";
    remember(off);
    set(off);
  });
  addEventListener("storage", ({ key }) => {
    if (key === KEY) set(isSwitchedOff());
  });
}

function remember(off: boolean): void {
  try {
    if (off) localStorage.setItem(KEY, "off");
    else localStorage.removeItem(KEY);
  } catch {
    // a browser that keeps nothing forgets this too
  }
}
