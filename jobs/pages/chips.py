"""The active filters as chips: each search term in words, with a link that removes it."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.filters import JobFilter
from jobs.search.query import NO_QUERY
from jobs.timestamps import UTC_NAME


@dataclass(frozen=True)
class Chip:
    """`status: failed or pending`, `created: today (St Johns)`; `query` is the list without this term."""

    field: str
    words: str
    query: str


def chips(job_filter: JobFilter) -> list[Chip]:
    q = job_filter.q
    zone = f" ({zone_label(job_filter.tz or UTC_NAME)})"
    return [
        Chip(
            term.field.name,
            f"{term.words}{zone if term.depends_on_zone else ''}",
            job_filter.query_string(q=q.without(term)),
        )
        for term in q.terms
    ]


def zone_label(name: str) -> str:
    """The short name of a time zone: `St Johns`, `UTC`."""
    return name.rpartition("/")[2].replace("_", " ")


def clear_all(job_filter: JobFilter) -> str:
    return job_filter.query_string(q=NO_QUERY)
