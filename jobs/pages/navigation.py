"""The links around the table: status tabs, pages, page sizes, and broader searches when nothing matches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from jobs.filters import ALL_JOBS, DEFAULT_ORDERING, JobFilter
from jobs.job_list import JobList
from jobs.listing.keyset import Page
from jobs.listing.paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Paging
from jobs.names import isolated
from jobs.pages.descriptions import status_words
from jobs.pages.formats import count_text
from jobs.pages.url_length import fitting_query, page_query
from jobs.querysets import StatusCounts
from jobs.rows import JobRow
from jobs.search.query import NO_QUERY
from jobs.statuses import StatusType

PAGE_SIZE_CHOICES = (25, DEFAULT_PAGE_SIZE, 100, MAX_PAGE_SIZE)
SEPARATORS = {"comma": "Comma", "semicolon": "Semicolon", "tab": "Tab"}
# Labels of the previous and next page
NEIGHBORS = {
    "-created_at": ("Newer", "Older"),
    "-updated_at": ("Newer", "Older"),
    "created_at": ("Older", "Newer"),
    "updated_at": ("Older", "Newer"),
}


@dataclass(frozen=True)
class Link:
    """`query` is None for a link that is disabled; `current` marks the state being shown."""

    label: str
    query: str | None
    current: bool = False
    status: StatusType | None = None
    count: str = ""


class PageLinks(NamedTuple):
    """Links to the other pages of the list, whose `query` is None where there is none."""

    first: Link
    previous: Link
    next: Link
    last: Link

    def named(self) -> Iterable[tuple[str, Link]]:
        return self._asdict().items()


def status_tabs(job_filter: JobFilter, counts: StatusCounts | None = None) -> list[Link]:
    """A tab selects a status; it replaces any status terms of the search. Without `counts`, the tabs have none."""
    q = job_filter.q.without_statuses()
    selected = job_filter.selected_statuses
    everything = Link(
        "All",
        fitting_query(job_filter, statuses=None, q=q),
        current=len(selected) == len(StatusType),
        count=count_text(counts.total()) if counts else "",
    )
    return [everything] + [
        Link(
            status.label,
            fitting_query(job_filter, statuses=(status,), q=q),
            current=status in selected and not everything.current,
            status=status,
            count=count_text(counts.total([status])) if counts else "",
        )
        for status in StatusType
    ]


def page_links(job_list: JobList, page: Page[JobRow]) -> PageLinks:
    job_filter = job_list.job_filter
    before, after = NEIGHBORS.get(job_filter.ordering, ("Previous", "Next"))

    def link(label: str, neighbor: str | None, cursor: str | None) -> Link:
        return Link(label, page_query(job_filter, cursor) if neighbor else None)

    return PageLinks(
        first=link("First", page.previous, None),
        previous=link(f"← {before}", page.previous, page.previous),
        next=link(f"{after} →", page.next, page.next),
        last=link("Last", page.next, job_list.last_page_cursor),
    )


def nearest_page(job_list: JobList, page: Page[JobRow]) -> tuple[JobList, Page[JobRow], str] | None:
    """If all jobs of the page have been deleted or have changed status: the nearest page that has jobs."""
    if page.rows or page.scanned is not None or page.is_whole:
        return None
    is_last = page.previous is not None
    nearest_list = JobList(replace(job_list.job_filter, cursor=page.previous))
    nearest = nearest_list.page()
    which = "last" if is_last else "first"
    notice = f"The page you were on is now empty. This is the {which} page."
    return (nearest_list, nearest, notice) if nearest.rows else None


def exports(job_filter: JobFilter) -> list[Link]:
    """The whole list as a file, in its order, whichever page is shown."""
    parameters = _export_parameters(job_filter)
    return [Link(name.upper(), f"format={name}{parameters}") for name in ("csv", "ndjson")]


def spreadsheets(job_filter: JobFilter) -> list[Link]:
    """Exports for Excel, which recognizes UTF-8 by its byte order mark and expects the separator of its locale."""
    parameters = _export_parameters(job_filter)
    return [
        Link(label, f"format=csv&bom=yes&separator={name}{parameters}")
        for name, label in SEPARATORS.items()
    ]


def _export_parameters(job_filter: JobFilter) -> str:
    """The rest of the query string. Not shortened to fit: without its search it would export another list."""
    query = job_filter.query_string(
        view=None, columns=None, cursor=None, page_size=DEFAULT_PAGE_SIZE
    )
    return f"&{query}" if query else ""


def page_sizes(job_filter: JobFilter) -> list[Link]:
    sizes = sorted({*PAGE_SIZE_CHOICES, job_filter.page_size})
    return [
        Link(
            str(size),
            fitting_query(job_filter, page_size=size, cursor=None),
            current=size == job_filter.page_size,
        )
        for size in sizes
    ]


def relaxations(job_filter: JobFilter) -> list[Link]:
    """Links to broader searches: each leaves out one condition."""
    links = []
    q = job_filter.q.without_statuses()
    if job_filter.statuses is not None and not job_filter.selected_statuses:
        # The status terms of the search exclude the status of the tab.
        links.append(Link("Search all statuses", job_filter.query_string(statuses=None)))
    elif len(job_filter.selected_statuses) < len(StatusType) and q.terms:
        links.append(Link("Search all statuses", job_filter.query_string(statuses=None, q=q)))
        if words := status_words(job_filter):
            only = job_filter.query_string(statuses=job_filter.selected_statuses, q=NO_QUERY)
            links.append(Link(f"Show all {words} jobs", only))
    if 1 < len(q.terms) <= 4:
        links += [
            Link(
                f"Without {term.field.name}: {isolated(term.words)}",
                job_filter.query_string(q=job_filter.q.without(term)),
            )
            for term in q.terms
        ]
    if job_filter.is_filtered:
        links.append(Link("Show all jobs", all_jobs(job_filter)))
    return links


def all_jobs(job_filter: JobFilter) -> str:
    """The query string of all jobs, outside of any view. It names them where the bare address may show a view."""
    everything = ALL_JOBS if job_filter.view else None
    return JobFilter(page_size=job_filter.page_size, view=everything).query_string()


def continue_links(job_filter: JobFilter, page: Page[JobRow]) -> list[Link]:
    """For a search that stopped early: links that continue it, or that narrow it to something faster."""
    if page.continue_cursor is None:
        return []
    continued = page_query(job_filter, page.continue_cursor)
    links = [] if continued is None else [Link("Continue searching", continued)]
    if job_filter.ordering.removeprefix("-") == "name":
        links.append(Link("Newest first", job_filter.query_string(ordering=DEFAULT_ORDERING)))
    return links + relaxations(job_filter)


def faster_searches(job_filter: JobFilter) -> list[Link]:
    """For a search that timed out: the default ordering, and the search without one of its conditions."""
    newest_first = Link("Newest first", job_filter.query_string(ordering=DEFAULT_ORDERING))
    links = [newest_first] if job_filter.ordering != DEFAULT_ORDERING else []
    return links + (relaxations(job_filter) or [Link("Show all jobs", all_jobs(job_filter))])


def links_beside(page: Page[Any], paging: Paging, previous: str, following: str) -> list[Link]:
    """Links to the pages before and after this one, if there are any, for a page that is not the job list."""
    beside = ((f"← {previous}", page.previous), (f"{following} →", page.next))
    return [Link(label, paging.query_string(cursor)) for label, cursor in beside if cursor]
