"""Addresses that fit into a request line: a link to what the server will not read is no link."""

from typing import Any, Final

from jobs.filters import DEFAULT_ORDERING, JobFilter
from jobs.paging import DEFAULT_PAGE_SIZE
from jobs.query import NO_QUERY

# Of the 8,190 bytes that the server reads (`limit_request_line`), what method, path and version leave.
LONGEST_QUERY: Final = 8_000
# What a link leaves out where it does not fit, in this order. A page of the list is lost without its search or its order.
SPARE: Final[tuple[dict[str, Any], ...]] = (
    {"page_size": DEFAULT_PAGE_SIZE},
    {"ordering": DEFAULT_ORDERING},
    {"q": NO_QUERY},
)


def fits(query: str) -> bool:
    return len(query) <= LONGEST_QUERY


def fitting_query(job_filter: JobFilter, **changes: Any) -> str:
    """`job_filter.query`, or as much of it as fits."""
    query = job_filter.query(**changes)
    for spare in SPARE:
        if fits(query):
            break
        changes = changes | spare | {"cursor": None}
        query = job_filter.query(**changes)
    return query


def page_query(job_filter: JobFilter, cursor: str | None) -> str | None:
    """Another page of the same list; None where its address does not fit."""
    for changes in ({}, SPARE[0]):
        query = job_filter.query(cursor=cursor, **changes)
        if fits(query):
            return query
    return None
