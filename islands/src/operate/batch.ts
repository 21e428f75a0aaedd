import { ApiError } from "../api/errors";

export interface JobFailure<Item> {
  item: Item;
  error: unknown;
}

/** The outcome for one item of a batch. */
export type Outcome<Item, Result> = { item: Item; result: Result } | JobFailure<Item>;

const CONCURRENCY = 4;

/** Runs `task` for each item, a few at a time. Returns the outcomes in order; never rejects. */
export async function runBatch<Item, Result>(
  items: readonly Item[],
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
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return outcomes;
}

/** One request for all; if it fails, every item counts as failed. Never rejects. */
export function runBulk<Item, Result>(
  items: readonly Item[],
  request: Promise<readonly (Result | ApiError | undefined)[]>,
): Promise<Outcome<Item, Result>[]> {
  return request.then(
    (results) =>
      items.map((item, index) => {
        const result = results[index];
        return result instanceof ApiError || !result ? { item, error: result } : { item, result };
      }),
    (error: unknown) => items.map((item) => ({ item, error })),
  );
}

export function resultsOf<Item, Result>(outcomes: readonly Outcome<Item, Result>[]): Result[] {
  return outcomes.flatMap((outcome) => ("result" in outcome ? [outcome.result] : []));
}

export function failuresOf<Item, Result>(outcomes: readonly Outcome<Item, Result>[]): JobFailure<Item>[] {
  return outcomes.flatMap((outcome) => ("error" in outcome ? [outcome] : []));
}
