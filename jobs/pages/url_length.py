"""Keeps the URLs of links short enough for the server's limit on request lines."""

from typing import Any, Final

from jobs.filters import DEFAULT_ORDERING, JobFilter
from jobs.limits import MAX_REQUEST_LINE_BYTES
from jobs.listing.paging import DEFAULT_PAGE_SIZE
from jobs.search.query import NO_QUERY

# The rest of the request line is for method, path and version.
MAX_QUERY_LENGTH: Final = MAX_REQUEST_LINE_BYTES - 190
# Parameters that a link drops, in this order, until it fits. Links to other pages of the list drop the page size only:
# without the search or the ordering, their cursor would be invalid.
FALLBACKS: Final[tuple[dict[str, Any], ...]] = (
    {"page_size": DEFAULT_PAGE_SIZE},
    {"ordering": DEFAULT_ORDERING},
    {"q": NO_QUERY},
)


def fits(query: str) -> bool:
    return len(query) <= MAX_QUERY_LENGTH


def fitting_query(job_filter: JobFilter, **changes: Any) -> str:
    """`job_filter.query_string`, without the parameters that must be dropped for it to fit."""
    query = job_filter.query_string(**changes)
    for fallback in FALLBACKS:
        if fits(query):
            break
        changes = changes | fallback | {"cursor": None}
        query = job_filter.query_string(**changes)
    return query


def page_query(job_filter: JobFilter, cursor: str | None) -> str | None:
    """The query string of another page of the same list; None if it does not fit."""
    for changes in ({}, FALLBACKS[0]):
        query = job_filter.query_string(cursor=cursor, **changes)
        if fits(query):
            return query
    return None
