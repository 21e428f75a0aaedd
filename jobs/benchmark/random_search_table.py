"""The slowest random searches, as a table."""

from collections.abc import Iterator, Sequence

from jobs.benchmark.figures import format_number, median
from jobs.benchmark.random_searches import SLOWEST, RandomSearch
from jobs.benchmark.tables import table


def random_search_table(searches: Sequence[RandomSearch], seed: int) -> Iterator[str]:
    times = sorted(each.ms for each in searches)
    incomplete = sum(each.scanned is not None for each in searches)
    yield (
        f"{len(searches)} random searches from the names and the grammar (seed {seed}), page and count together: median"
        f" {format_number(median(times))} ms, 95 % within {format_number(times[int(len(times) * 0.95)])} ms; {incomplete}"
        f" were incomplete and reported how far they had scanned. The slowest {SLOWEST}:"
    )
    rows = (
        [
            f"`{each.query.replace('|', '¦')}`",
            format_number(each.ms),
            str(each.rows),
            each.count,
            "–" if each.scanned is None else f"{each.scanned:,}",
        ]
        for each in searches[:SLOWEST]
    )
    yield table(["Search", "ms", "rows", "count", "scanned"], rows, text_columns=[0])
