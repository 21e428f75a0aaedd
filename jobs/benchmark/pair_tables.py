"""The pairs of filter and ordering: a summary, and a table for each kind of search."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from jobs.benchmark.figures import format_number, median
from jobs.benchmark.goals import TYPICAL_SEARCH_MS, WORST_SEARCH_MS
from jobs.benchmark.pairs import FIELDS, FILTERS, SEARCHES, Pair
from jobs.benchmark.tables import table

DETAIL_HEAD = ("Status", "Ordering", "default ms", "first ms", "deep ms", "queries", "indexes", "")
SUMMARY_HEAD = (
    "Search",
    "pairs",
    "median ms",
    "slowest ms",
    "slowest pair",
    "errors",
    "",
)


def pair_tables(pairs: Sequence[Pair]) -> Iterator[str]:
    """Blocks of text; the first reports pairs that were not measured, if any."""
    missing = len(SEARCHES) * len(FILTERS) * len(FIELDS) - len(pairs)
    if missing:
        yield f"**{missing} pairs were not measured within the time limit.**"
    by_search = {search: list(group) for search, group in groupby(pairs, lambda pair: pair.search)}
    yield table(
        SUMMARY_HEAD, (_summary(*item) for item in by_search.items()), text_columns=[0, 4, 6]
    )
    for search, group in by_search.items():
        yield f"### {search[0].upper()}{search[1:]}"
        yield table(DETAIL_HEAD, map(_detail, group), text_columns=[0, 1, 6, 7])


def _summary(search: str, group: list[Pair]) -> list[str]:
    worst = max(group, key=lambda pair: pair.worst_ms)
    typical = median([pair.default_ms for pair in group])
    return [
        search,
        str(len(group)),
        format_number(typical),
        format_number(worst.worst_ms),
        f"{worst.status} by {worst.field}",
        str(sum(pair.unexpected for pair in group)),
        _mark(search, typical, worst.worst_ms),
    ]


def _mark(search: str, typical: float, worst: float) -> str:
    over = [TYPICAL_SEARCH_MS] if typical > TYPICAL_SEARCH_MS else []
    over += [WORST_SEARCH_MS] if worst > WORST_SEARCH_MS else []
    if not SEARCHES[search]:
        return ""
    return " and ".join(f"over {limit:.0f}" for limit in over) or "met"


def _detail(pair: Pair) -> list[str]:
    names = sorted(name.removeprefix("job_") for name in pair.indexes)
    return [
        pair.status,
        pair.field,
        format_number(pair.default_ms),
        format_number(pair.first_ms),
        format_number(pair.deep_ms),
        str(pair.queries),
        ", ".join(names),
        f"over {WORST_SEARCH_MS:.0f}" if pair.worst_ms > WORST_SEARCH_MS else "",
    ]
