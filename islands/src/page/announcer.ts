/** Says things to screen readers, once they have settled: a burst of changes is one sentence each, not a stutter. */
const SETTLE_MS = 150;
const pending = new Map<string, string>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** A later message on the same topic replaces one that was not said yet. */
export function announce(topic: string, message: string): void {
  pending.set(topic, message);
  const region = document.getElementById("announcer");
  if (region) region.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(say, SETTLE_MS);
}

function say(): void {
  const region = document.getElementById("announcer");
  if (region) region.textContent = [...pending.values()].join(". ");
  pending.clear();
}
