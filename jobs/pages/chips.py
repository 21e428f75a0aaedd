"""The active filters as chips: each search term in words, with a link that removes it."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.filters import JobFilter
from jobs.search.query import NO_QUERY, Term
from jobs.search.times import UNITS, RelativeTime, TimeFilter
from jobs.statuses import StatusType

MAX_IDS = 5
SIGNS = {">": "after", ">=": "since", "<": "before", "<=": "up to"}


@dataclass(frozen=True)
class Chip:
    """`status: failed or pending`; `query` is the list without this term."""

    field: str
    words: str
    query: str


def chips(job_filter: JobFilter) -> list[Chip]:
    q = job_filter.q
    return [
        Chip(term.field, term_text(term), job_filter.query(q=q.without(term))) for term in q.terms
    ]


def clear_all(job_filter: JobFilter) -> str:
    return job_filter.query(q=NO_QUERY)


def term_text(term: Term) -> str:
    match term.value:
        case str() as name:
            return name
        case TimeFilter() as time_filter:
            return _time_text(time_filter)
        case values if term.field == "id":
            return _list([str(number) for number in values])
        case values:
            labels = [StatusType(str(status)).label.lower() for status in values]
            joined = " or ".join(labels)
            return f"not {joined}" if term.excluded else joined


def _time_text(time: TimeFilter) -> str:
    """`since 2026-11-20`, `in the last 2 hours`, `2026-11-01 to 2026-11-20`."""
    if time.last:
        return f"{_point_text(time.first)} to {_point_text(time.last)}"
    if not isinstance(time.first, RelativeTime):
        return f"{SIGNS.get(time.sign, '')} {time.first}".strip()
    if time.sign == ">":
        return f"more than {_point_text(time.first)}"
    is_single = time.first.number == 1
    return f"in the last {UNITS[time.first.unit] if is_single else time.first.words}"


def _point_text(point: object) -> str:
    return f"{point.words} ago" if isinstance(point, RelativeTime) else str(point)


def _list(words: list[str]) -> str:
    if len(words) > MAX_IDS + 1:
        words = [*words[:MAX_IDS], f"{len(words) - MAX_IDS} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
