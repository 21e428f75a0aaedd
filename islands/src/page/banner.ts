/** Shows failures that belong to no single control. Looked up on each use: history navigation may replace the body. */
import { onEvent } from "../events";
import { isolatedNodes } from "./isolated";
import { focusTable } from "./table";

type Retry = () => void;
interface Failure {
  topic: string;
  message: string;
  retry: Retry | undefined;
}
let current: Failure | undefined;
/** Earlier failures, the newest last. Each is shown again when the newer ones are resolved. */
let earlier: Failure[] = [];

export function showBanner(topic: string, message: string, retry?: Retry): void {
  earlier = [...earlier, ...(current ? [current] : [])].filter((failure) => failure.topic !== topic);
  show({ topic, message, retry });
}

export const OFFLINE = "offline";
/** What could not be opened: a refresh of what is shown does not resolve it. */
export const OPENING = "opening";

/** One message for the whole page, however many requests fail. Shown again if one fails after it was dismissed. */
export function showOffline(): void {
  showBanner(OFFLINE, "You’re offline. This page may be out of date.");
}

/** With a link, which opens another tab: nothing on this page is lost. */
const LOGIN = "login";

const here = () => encodeURIComponent(location.pathname + location.search);

function show(failure: Failure): void {
  const { topic, message, retry } = failure;
  const banner = document.getElementById("banner");
  const text = banner?.querySelector("p");
  const button = banner?.querySelector<HTMLButtonElement>("button:not([aria-label])");
  if (!banner || !text || !button) return;
  current = failure;
  button.hidden = retry === undefined;
  button.removeAttribute("aria-busy");
  const link = banner.querySelector("a");
  if (link) {
    link.hidden = topic !== LOGIN;
    link.search = `?next=${here()}`;
  }
  banner.hidden = false;
  // A failure that repeats itself is not announced again.
  if (text.textContent !== message) text.replaceChildren(...isolatedNodes(message));
}

/** The failure of `topic` is resolved. Shows the next earlier failure, if any. */
export function hideBanner(topic: string): void {
  earlier = earlier.filter((failure) => failure.topic !== topic);
  if (current?.topic !== topic) return;
  const previous = earlier.pop();
  if (previous) show(previous);
  else close();
}

/** Also drops the earlier failures: dismissing the banner dismisses all of them. */
function close(): void {
  const banner = document.getElementById("banner");
  if (!banner) return;
  const hadFocus = banner.contains(document.activeElement);
  banner.hidden = true;
  current = undefined;
  earlier = [];
  if (hadFocus) focusTable();
}

/** After Retry the banner stays visible and busy until the outcome is known. */
function onClick({ target }: Event): void {
  const button = target instanceof Element ? target.closest("#banner :is(a, button)") : null;
  if (!button || !current) return;
  if (button.matches("a, [aria-label]")) {
    close();
  } else if (button.getAttribute("aria-busy") !== "true") {
    button.setAttribute("aria-busy", "true");
    current.retry?.();
  }
}

export function wireBanner(): void {
  onEvent("login:required", () => showBanner(LOGIN, "You’re logged out."));
  // And back: what is selected, and what was filled in, is kept for this tab.
  onEvent("confirm:required", () => location.assign(`/account/confirm/?next=${here()}`));
  onEvent("server:back", () => hideBanner(LOGIN));
  document.addEventListener("click", onClick);
}
