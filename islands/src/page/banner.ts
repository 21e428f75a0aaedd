/** The page's one place for failures that belong to no control. Looked up on each use: history may replace the body. */
import { focusTable } from "./table";

type Retry = () => void;
interface Failure {
  topic: string;
  message: string;
  retry: Retry | undefined;
}
let shown: Failure | undefined;
/** Those below it, the newest last: each is seen again once those above are over. */
let below: Failure[] = [];

export function showBanner(topic: string, message: string, retry?: Retry): void {
  below = [...below, ...(shown ? [shown] : [])].filter((failure) => failure.topic !== topic);
  show({ topic, message, retry });
}

function show(failure: Failure): void {
  const { message, retry } = failure;
  const banner = document.getElementById("banner");
  const text = banner?.querySelector("p");
  const button = banner?.querySelector<HTMLButtonElement>("button:not([aria-label])");
  if (!banner || !text || !button) return;
  shown = failure;
  button.hidden = retry === undefined;
  button.removeAttribute("aria-busy");
  banner.hidden = false;
  text.textContent = message;
}

/** What the banner says about `topic` is over; another topic's failure stays, or is seen again. */
export function hideBanner(topic: string): void {
  below = below.filter((failure) => failure.topic !== topic);
  if (shown?.topic !== topic) return;
  const before = below.pop();
  if (before) show(before);
  else close();
}

/** Whoever dismisses it has seen the newest, and wants the room. */
function close(): void {
  const banner = document.getElementById("banner");
  if (!banner) return;
  const hadFocus = banner.contains(document.activeElement);
  banner.hidden = true;
  shown = undefined;
  below = [];
  if (hadFocus) focusTable();
}

/** The banner stays, busy, until what is tried again shows its outcome. */
function onClick({ target }: Event): void {
  const button = target instanceof Element ? target.closest("#banner button") : null;
  if (!button || !shown) return;
  if (button.hasAttribute("aria-label")) {
    close();
  } else if (button.getAttribute("aria-busy") !== "true") {
    button.setAttribute("aria-busy", "true");
    shown.retry?.();
  }
}

export function wireBanner(): void {
  document.addEventListener("click", onClick);
}
