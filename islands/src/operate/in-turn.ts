/** One change after the other: two of the same job must reach the server in the order they were meant. */
let last: Promise<unknown> = Promise.resolve();

export function inTurn(work: () => Promise<void>): Promise<void> {
  const turn = last.then(work);
  last = turn.catch(() => undefined);
  return turn;
}
