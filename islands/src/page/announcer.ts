/** Announces messages to screen readers, debounced: a burst of messages on one topic is announced once. */
import { isolatedNodes } from "./isolated";

const SETTLE_MS = 150;
/** A busy screen reader reads a message later, so it stays in the page for a while. */
const LIFETIME_MS = 7000;
const pending = new Map<string, string>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** A newer message replaces an older one on the same topic. Messages on other topics are kept. */
export function announce(topic: string, message: string): void {
  pending.set(topic, message);
  removeTopic(topic);
  clearTimeout(timer);
  timer = setTimeout(flush, SETTLE_MS);
}

function region(): HTMLElement | null {
  return document.getElementById("announcer");
}

function removeTopic(topic: string): void {
  for (const element of region()?.querySelectorAll<HTMLElement>("p") ?? [])
    if (element.dataset["topic"] === topic) element.remove();
}

/** One element per message, so that screen readers read only what is added. */
function flush(): void {
  for (const [topic, message] of pending) {
    const element = document.createElement("p");
    element.dataset["topic"] = topic;
    element.append(...isolatedNodes(message));
    region()?.append(element);
    // Held weakly: a newer message may replace it long before then.
    const added = new WeakRef(element);
    setTimeout(() => added.deref()?.remove(), LIFETIME_MS);
  }
  pending.clear();
}
