"""The active filters as chips: each search term in words, with a link that removes it."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.filters import JobFilter
from jobs.search.query import NO_QUERY


@dataclass(frozen=True)
class Chip:
    """`status: failed or pending`; `query` is the list without this term."""

    field: str
    words: str
    query: str


def chips(job_filter: JobFilter) -> list[Chip]:
    q = job_filter.q
    return [
        Chip(term.field.name, term.words, job_filter.query_string(q=q.without(term)))
        for term in q.terms
    ]


def clear_all(job_filter: JobFilter) -> str:
    return job_filter.query_string(q=NO_QUERY)
