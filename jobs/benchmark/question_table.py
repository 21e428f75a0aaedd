"""The slowest of the questions that nobody has chosen, as a table."""

from collections.abc import Iterator, Sequence

from jobs.benchmark.figures import median, sensible
from jobs.benchmark.questions import SLOWEST, Asked
from jobs.benchmark.tables import table


def questions_table(asked: Sequence[Asked], seed: int) -> Iterator[str]:
    times = sorted(each.ms for each in asked)
    partly = sum(each.looked_through is not None for each in asked)
    yield (
        f"{len(asked)} searches drawn from the names and the grammar (seed {seed}), page and count together: median"
        f" {sensible(median(times))} ms, 95 % within {sensible(times[int(len(times) * 0.95)])} ms; {partly} said how far"
        f" they looked instead of finishing. The slowest {SLOWEST}:"
    )
    rows = (
        [
            f"`{each.query.replace('|', '¦')}`",
            sensible(each.ms),
            str(each.rows),
            each.count,
            "–" if each.looked_through is None else f"{each.looked_through:,}",
        ]
        for each in asked[:SLOWEST]
    )
    yield table(["Question", "ms", "rows", "count", "looked through"], rows, text_columns=[0])
