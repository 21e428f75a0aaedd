/** Says things to screen readers, once they have settled: a burst of changes is one sentence each, not a stutter. */
const SETTLE_MS = 150;
/** A reader may be busy with another sentence, and takes up the next from the page when it is done. */
const STANDS_MS = 7000;
const pending = new Map<string, string>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** A later message on the same topic takes the place of the one before; other topics' messages stand beside it. */
export function announce(topic: string, message: string): void {
  pending.set(topic, message);
  forget(topic);
  clearTimeout(timer);
  timer = setTimeout(say, SETTLE_MS);
}

function region(): HTMLElement | null {
  return document.getElementById("announcer");
}

function forget(topic: string): void {
  for (const sentence of region()?.querySelectorAll<HTMLElement>("p") ?? [])
    if (sentence.dataset["topic"] === topic) sentence.remove();
}

/** Each message is an element of its own: what is added is read, what stands already is not read again. */
function say(): void {
  for (const [topic, message] of pending) {
    const sentence = document.createElement("p");
    sentence.dataset["topic"] = topic;
    sentence.textContent = message;
    region()?.append(sentence);
    setTimeout(() => sentence.remove(), STANDS_MS);
  }
  pending.clear();
}
