/** Runs changes one after another, so that changes of the same job reach the server in order. */
let tail: Promise<unknown> = Promise.resolve();

export function enqueue(task: () => Promise<void>): Promise<void> {
  const result = tail.then(task);
  tail = result.catch(() => undefined);
  return result;
}
