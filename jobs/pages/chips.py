"""What is asked for, part by part: in words, with a link that leaves the part out."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.filters import JobFilter
from jobs.query import NO_QUERY, Part
from jobs.statuses import StatusType
from jobs.when import UNITS, Age, When

SHOWN_IDS = 5
SIGNS = {">": "after", ">=": "since", "<": "before", "<=": "up to"}


@dataclass(frozen=True)
class Chip:
    """`status: failed or pending`; its query asks for all but that."""

    field: str
    words: str
    query: str


def chips(job_filter: JobFilter) -> list[Chip]:
    q = job_filter.q
    return [
        Chip(part.field, part_words(part), job_filter.query(q=q.without(part))) for part in q.parts
    ]


def clear_all(job_filter: JobFilter) -> str:
    return job_filter.query(q=NO_QUERY)


def part_words(part: Part) -> str:
    match part.value:
        case str() as name:
            return name
        case When() as when:
            return _when_words(when)
        case values if part.field == "id":
            return _list([str(number) for number in values])
        case values:
            labels = [StatusType(str(status)).label.lower() for status in values]
            joined = " or ".join(labels)
            return f"not {joined}" if part.excluded else joined


def _when_words(when: When) -> str:
    """`since 2026-11-20`, `in the last 2 hours`, `2026-11-01 to 2026-11-20`."""
    if when.last:
        return f"{_point_words(when.first)} to {_point_words(when.last)}"
    if not isinstance(when.first, Age):
        return f"{SIGNS.get(when.sign, '')} {when.first}".strip()
    if when.sign == ">":
        return f"more than {_point_words(when.first)}"
    single = when.first.number == 1
    return f"in the last {UNITS[when.first.unit] if single else when.first.words}"


def _point_words(point: object) -> str:
    return f"{point.words} ago" if isinstance(point, Age) else str(point)


def _list(words: list[str]) -> str:
    if len(words) > SHOWN_IDS + 1:
        words = [*words[:SHOWN_IDS], f"{len(words) - SHOWN_IDS} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
