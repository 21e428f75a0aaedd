/** The outcome for one item of a batch. */
export type Outcome<Item, Result> = { item: Item; result: Result } | { item: Item; error: unknown };

/** Runs `task` for each item, at most `concurrency` at a time. Returns the outcomes in order; never rejects. */
export async function runBatch<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  task: (item: Item) => Promise<Result>,
): Promise<Outcome<Item, Result>[]> {
  const outcomes: Outcome<Item, Result>[] = [];
  const queue = items.entries();
  async function worker(): Promise<void> {
    for (const [index, item] of queue) {
      outcomes[index] = await task(item).then(
        (result) => ({ item, result }),
        (error: unknown) => ({ item, error }),
      );
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker));
  return outcomes;
}

export function resultsOf<Item, Result>(outcomes: readonly Outcome<Item, Result>[]): Result[] {
  return outcomes.flatMap((outcome) => ("result" in outcome ? [outcome.result] : []));
}

export function failuresOf<Item, Result>(outcomes: readonly Outcome<Item, Result>[]): { item: Item; error: unknown }[] {
  return outcomes.flatMap((outcome) => ("error" in outcome ? [outcome] : []));
}
