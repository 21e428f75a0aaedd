/** Fifty islands that cannot load are one failure to the user. */
import { hideBanner, showBanner } from "./banner";

const TOPIC = "islands";
const retries = new Set<() => void>();

function retryAll(): void {
  hideBanner(TOPIC);
  const all = [...retries];
  retries.clear();
  for (const retry of all) retry();
}

export function wireIslandFailures(): void {
  document.addEventListener("island:failed", (event) => {
    retries.add((event as CustomEvent<{ retry: () => void }>).detail.retry);
    showBanner(TOPIC, "The controls could not be loaded. What you see can still be read.", retryAll);
  });
}
