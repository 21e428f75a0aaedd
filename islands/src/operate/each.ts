/** What became of one of several. */
export type Outcome<Item, Answer> = { item: Item; answer: Answer } | { item: Item; error: unknown };

/** Asks for each, so many at a time; the outcomes in the order of the items. Never rejects. */
export async function each<Item, Answer>(
  items: readonly Item[],
  width: number,
  ask: (item: Item) => Promise<Answer>,
): Promise<Outcome<Item, Answer>[]> {
  const outcomes: Outcome<Item, Answer>[] = [];
  const waiting = items.entries();
  async function work(): Promise<void> {
    for (const [index, item] of waiting) {
      outcomes[index] = await ask(item).then(
        (answer) => ({ item, answer }),
        (error: unknown) => ({ item, error }),
      );
    }
  }
  await Promise.all(Array.from({ length: width }, work));
  return outcomes;
}

export function answersOf<Item, Answer>(outcomes: readonly Outcome<Item, Answer>[]): Answer[] {
  return outcomes.flatMap((outcome) => ("answer" in outcome ? [outcome.answer] : []));
}

export function failuresOf<Item, Answer>(outcomes: readonly Outcome<Item, Answer>[]): { item: Item; error: unknown }[] {
  return outcomes.flatMap((outcome) => ("error" in outcome ? [outcome] : []));
}
