/** Announces messages to screen readers, debounced: a burst of messages on one topic is announced once. */
import { isolatedNodes } from "./isolated";

const SETTLE_MS = 150;
/** A busy screen reader reads a message later, so it stays in the page for a while. */
const LIFETIME_MS = 7000;
const pending = new Map<string, string>();
let count = 0;
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

/** By id: a timer that held the element would keep it after a newer message has replaced it. */
const remove = (id: string) => document.getElementById(id)?.remove();

/** One element per message, so that screen readers read only what is added. */
function flush(): void {
  for (const [topic, message] of pending) {
    const element = document.createElement("p");
    element.dataset["topic"] = topic;
    element.append(...isolatedNodes(message));
    count += 1;
    element.id = `announced-${count}`;
    region()?.append(element);
    setTimeout(remove, LIFETIME_MS, element.id);
  }
  pending.clear();
}
