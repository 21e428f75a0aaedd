/** Reports islands that failed to load as one failure, however many there are. */
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
    showBanner(TOPIC, "Controls failed to load. The page is read-only.", retryAll);
  });
}
