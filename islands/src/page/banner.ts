/** The page's one place for failures that belong to no control. Looked up on each use: history may replace the body. */
import { focusTable } from "./table";

type Retry = () => void;
let shown: { topic: string; retry: Retry | undefined } | undefined;

export function showBanner(topic: string, message: string, retry?: Retry): void {
  const banner = document.getElementById("banner");
  const text = banner?.querySelector("p");
  const button = banner?.querySelector<HTMLButtonElement>("button:not([aria-label])");
  if (!banner || !text || !button) return;
  shown = { topic, retry };
  button.hidden = retry === undefined;
  button.removeAttribute("aria-busy");
  banner.hidden = false;
  text.textContent = message;
}

/** Hides what the banner says about `topic`; another topic's failure stays. */
export function hideBanner(topic: string): void {
  const banner = document.getElementById("banner");
  if (!banner || shown?.topic !== topic) return;
  const hadFocus = banner.contains(document.activeElement);
  banner.hidden = true;
  shown = undefined;
  if (hadFocus) focusTable();
}

/** The banner stays, busy, until what is tried again shows its outcome. */
function onClick({ target }: Event): void {
  const button = target instanceof Element ? target.closest("#banner button") : null;
  if (!button || !shown) return;
  if (button.hasAttribute("aria-label")) {
    hideBanner(shown.topic);
  } else if (button.getAttribute("aria-busy") !== "true") {
    button.setAttribute("aria-busy", "true");
    shown.retry?.();
  }
}

export function wireBanner(): void {
  document.addEventListener("click", onClick);
}
