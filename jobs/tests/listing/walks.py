"""Lists, and walks through all their pages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.search.query import name_query
from jobs.tests.factories import FAILED, PENDING, RUNNING

MOMENT = datetime(2026, 1, 2, tzinfo=UTC)
FILTERS = {
    "all": JobFilter(),
    "one status": JobFilter(statuses=(PENDING,)),
    "two statuses": JobFilter(statuses=(PENDING, RUNNING)),
    "search": JobFilter(q=name_query("SWEEP")),
    "two statuses and a search": JobFilter(statuses=(PENDING, FAILED), q=name_query("SWEEP")),
}


def walk(
    job_filter: JobFilter, *, backwards: bool = False, between: Callable[[], None] = lambda: None
) -> list[int]:
    """The ids from one end of the list to the other, page by page."""
    cursor = JobList(job_filter).last_page_cursor if backwards else None
    ids: list[int] = []
    while True:
        page = JobList(replace(job_filter, cursor=cursor)).page()
        rows = page.rows[::-1] if backwards else page.rows
        ids += [row.id for row in rows]
        cursor = page.previous if backwards else page.next
        if cursor is None:
            return ids
        assert len(rows) == job_filter.page_size
        between()
