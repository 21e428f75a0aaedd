/**
 * Asks the server what has happened, in one tab of the browser: the one that holds the lock. Without anything watched, no
 * tab asks.
 */
import { TIMEOUT_MS } from "../api/timeout";
import { emit } from "../events";
import { notify } from "./notify";
import { apply, parseReply, watchUrl } from "./reply";
import { isWatching, readWatched } from "./store";

const LOCK = "job-dashboard:watch";
const VISIBLE_MS = 10_000;
const HIDDEN_MS = 60_000;
const MAX_MS = 120_000;
/** There is more to read. */
const SOON_MS = 500;

let isRunning = false;
let failures = 0;
let wakeUp: () => void = () => {};

/** Tabs that wait for the lock take over when the tab that holds it is closed. */
export async function poll(onResults: () => void): Promise<void> {
  if (isRunning || !isWatching(readWatched())) return;
  isRunning = true;
  try {
    const run = () => runWhileWatching(onResults);
    // Only pages served over HTTPS have locks. Without them each tab asks, and `apply` keeps them from telling it twice.
    await (navigator.locks ? navigator.locks.request(LOCK, run) : run());
  } finally {
    isRunning = false;
  }
}

/** Something else is watched, the page is looked at, or the browser is online again. */
export function pollSoon(): void {
  wakeUp();
}

async function runWhileWatching(onResults: () => void): Promise<void> {
  while (isWatching(readWatched())) await sleep(await ask(onResults));
}

/** Returns the delay until the next request. */
async function ask(onResults: () => void): Promise<number> {
  const usual = document.hidden ? HIDDEN_MS : VISIBLE_MS;
  try {
    const asked = readWatched();
    const response = await fetch(watchUrl(asked), { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.status === 401) emit("login:required", {});
    const reply = response.ok ? parseReply(await response.json()) : undefined;
    if (!reply) throw new Error(`unexpected response (${response.status})`);
    failures = 0;
    const results = apply(asked, reply);
    if (results?.length) {
      notify(results, reply.cursor);
      onResults();
    }
    if (reply.more || !results) return SOON_MS;
    return spread(Math.max(usual, Number(response.headers.get("Poll-After") ?? 0) * 1000));
  } catch {
    failures += 1;
    return Math.min(spread(usual * 2 ** failures), MAX_MS);
  }
}

/** Keeps browsers from asking in step, for example after the server was away. */
const spread = (delay: number) => delay * (1 + 0.2 * Math.random());

function sleep(delay: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delay);
    wakeUp = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
