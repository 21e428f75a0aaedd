import * as timers from "node:timers";
import { expect, TestRunner, test, vi } from "vitest";

test("timers that a test file leaves behind never fire", async ({ task }) => {
  vi.useFakeTimers();
  vi.useRealTimers();
  const fired: string[] = [];
  setTimeout(() => fired.push("timeout"));
  setInterval(() => fired.push("interval"));
  setImmediate(() => fired.push("immediate"));
  for (const endFile of TestRunner.getSuiteHooks(task.file).afterAll) await endFile(task.file);
  setTimeout(() => fired.push("started after the end"));
  // Node fires timers in the order in which they are due, so all others would have fired before.
  await new Promise((resolve) => timers.setTimeout(resolve, 5));
  expect(fired).toEqual([]);
});
