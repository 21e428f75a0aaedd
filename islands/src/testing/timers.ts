/**
 * Ends all timers with their test file. Next, its document is removed, and a timer that fired later would fail whichever
 * file runs then. They are not ended after each test, because modules keep state about their timers.
 */
import { afterAll } from "vitest";

type Callback = (...values: unknown[]) => void;
type Start<Timer> = (callback: Callback, ...rest: unknown[]) => Timer;

const cancels = new Set<() => void>();
let isOver = false;

/** Starts timers that can be ended. Those started after the end never fire: a promise may outlive the file, too. */
function ending<Timer>(start: Start<Timer>, clear: (timer: Timer) => void): Start<Timer> {
  return (callback, ...rest) => {
    const timer = start(callback, ...rest);
    if (isOver) clear(timer);
    else cancels.add(() => clear(timer));
    return timer;
  };
}

function endTimers(): void {
  isOver = true;
  for (const cancel of cancels) cancel();
  cancels.clear();
}

// Also while a test uses fake timers: they replace these, and restore them afterwards.
const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = globalThis;
Object.assign(globalThis, {
  setTimeout: ending(setTimeout as Start<NodeJS.Timeout>, clearTimeout),
  setInterval: ending(setInterval as Start<NodeJS.Timeout>, clearInterval),
  setImmediate: ending(setImmediate as Start<NodeJS.Immediate>, clearImmediate),
});

afterAll(endTimers);
