"""The links around the table: status tabs, pages, page sizes, and broader searches when nothing matches."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jobs.filters import DEFAULT_ORDERING, JobFilter
from jobs.listing.keyset import Page
from jobs.listing.paging import DEFAULT_PAGE_SIZE
from jobs.pages.chips import term_text
from jobs.pages.formats import count_text
from jobs.pages.url_length import fitting_query, page_query
from jobs.querysets import Count, JobRow, StatusCounts
from jobs.search.query import NO_QUERY
from jobs.statuses import StatusType

PAGE_SIZES = (25, DEFAULT_PAGE_SIZE, 100, 200)
SEPARATORS = {"comma": "Comma", "semicolon": "Semicolon", "tab": "Tab"}
# Labels of the previous and next page
NEIGHBOURS = {
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
    status: str = ""
    count: str = ""


def status_tabs(job_filter: JobFilter, counts: StatusCounts) -> list[Link]:
    """A tab selects a status; it replaces any status terms of the search."""
    q = job_filter.q.without_statuses()
    selected = job_filter.selected_statuses
    everything = Link(
        "All",
        fitting_query(job_filter, statuses=(), q=q),
        current=len(selected) == len(StatusType),
        count=count_text(counts.total()),
    )
    return [everything] + [
        Link(
            status.label,
            fitting_query(job_filter, statuses=(status,), q=q),
            current=status in selected and not everything.current,
            status=status.value,
            count=count_text(counts.total([status])),
        )
        for status in StatusType
    ]


def page_links(job_filter: JobFilter, page: Page[JobRow]) -> list[Link]:
    """First, previous, next and last page."""
    before, after = NEIGHBOURS.get(job_filter.ordering, ("Previous", "Next"))

    def link(label: str, neighbour: str | None, cursor: str | None) -> Link:
        return Link(label, page_query(job_filter, cursor) if neighbour else None)

    return [
        link("First", page.previous, None),
        link(f"← {before}", page.previous, page.previous),
        link(f"{after} →", page.next, page.next),
        link("Last", page.next, job_filter.last_page_cursor),
    ]


def nearest_page(
    job_filter: JobFilter, page: Page[JobRow]
) -> tuple[JobFilter, Page[JobRow], str] | None:
    """If all jobs of the page have been deleted or have changed status: the nearest page that has jobs."""
    if page.rows or page.scanned is not None or page.is_whole:
        return None
    is_last = page.previous is not None
    nearest_filter = replace(job_filter, cursor=page.previous)
    nearest = nearest_filter.page()
    which = "last" if is_last else "first"
    notice = f"The page you were on is now empty. This is the {which} page."
    return (nearest_filter, nearest, notice) if nearest.rows else None


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
    query = job_filter.query(cursor=None, page_size=DEFAULT_PAGE_SIZE)
    return f"&{query}" if query else ""


def page_sizes(job_filter: JobFilter) -> list[Link]:
    sizes = sorted({*PAGE_SIZES, job_filter.page_size})
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
    if job_filter.statuses and not job_filter.selected_statuses:
        # The status terms of the search exclude the status of the tab.
        links.append(Link("Search all statuses", job_filter.query(statuses=())))
    elif len(job_filter.selected_statuses) < len(StatusType) and q.terms:
        links.append(Link("Search all statuses", job_filter.query(statuses=(), q=q)))
        if words := status_words(job_filter):
            only = job_filter.query(statuses=job_filter.selected_statuses, q=NO_QUERY)
            links.append(Link(f"Show all {words} jobs", only))
    if 1 < len(q.terms) <= 4:
        links += [
            Link(
                f"Without {term.field}: {term_text(term)}",
                job_filter.query(q=job_filter.q.without(term)),
            )
            for term in q.terms
        ]
    if job_filter.is_filtered:
        links.append(Link("Show all jobs", JobFilter(page_size=job_filter.page_size).query()))
    return links


def continue_links(job_filter: JobFilter, page: Page[JobRow]) -> list[Link]:
    """For a search that stopped early: links that continue it, or that narrow it to something faster."""
    if page.continue_cursor is None:
        return []
    continued = page_query(job_filter, page.continue_cursor)
    links = [] if continued is None else [Link("Continue searching", continued)]
    if job_filter.ordering.removeprefix("-") == "name":
        links.append(Link("Newest first", job_filter.query(ordering=DEFAULT_ORDERING)))
    return links + relaxations(job_filter)


def cheaper_queries(job_filter: JobFilter) -> list[Link]:
    """For a search that timed out: the default ordering, and the search without one of its conditions."""
    newest_first = Link("Newest first", job_filter.query(ordering=DEFAULT_ORDERING))
    links = [newest_first] if job_filter.ordering != DEFAULT_ORDERING else []
    return links + (relaxations(job_filter) or [Link("Show all jobs", "")])


def description(job_filter: JobFilter) -> str:
    """The list in words: `“turbine” in failed jobs, sorted by name`."""
    text = heading(job_filter)
    text = text[0].lower() + text[1:]
    field = job_filter.ordering.removeprefix("-").removesuffix("_at")
    return text if job_filter.ordering == DEFAULT_ORDERING else f"{text}, sorted by {field}"


def status_words(job_filter: JobFilter) -> str:
    """`failed`, `pending or running`; empty if all statuses are selected."""
    selected = job_filter.selected_statuses
    words = " or ".join(status.label.lower() for status in selected)
    return words if len(selected) < len(StatusType) else ""


def heading(job_filter: JobFilter) -> str:
    """The title of the list: `Failed jobs`, `“turbine” in failed jobs, updated before 2026`."""
    jobs = f"{status_words(job_filter)} jobs".strip()
    names = name_words(job_filter)
    start = f"{names} in {jobs}" if names else jobs[0].upper() + jobs[1:]
    return ", ".join([start, *other_words(job_filter)])


def name_words(job_filter: JobFilter) -> str:
    """`“turbine” and “blade”`."""
    return " and ".join(f"“{name}”" for name in job_filter.q.names)


def other_words(job_filter: JobFilter) -> list[str]:
    """`id 12`, `created since 2026-11-20`."""
    terms = [term for term in job_filter.q.terms if term.field in {"id", "created", "updated"}]
    return [f"{term.field} {term_text(term)}" for term in terms]


def tab_title(job_filter: JobFilter, counts: StatusCounts) -> str:
    """The heading, after the number to look for in a row of browser tabs: `(3 failed) Jobs`, `(12) Running jobs`."""
    if job_filter.statuses:
        number = (
            f"({count_text(counts.total(job_filter.selected_statuses))}) "
            if job_filter.selected_statuses
            else ""
        )
    else:
        failed = counts.total([StatusType.FAILED])
        number = f"({count_text(failed)} failed) " if failed.value else ""
    return f"{number}{heading(job_filter)}"


def empty_text(job_filter: JobFilter) -> str:
    """`No failed job matches “turbine”`, `No running jobs`."""
    if not job_filter.selected_statuses:
        return "No job matches all of these statuses"
    conditions = [name_words(job_filter), *other_words(job_filter)]
    status = f"{words} " if (words := status_words(job_filter)) else ""
    if not job_filter.has_search:
        return f"No {status}jobs"
    return f"No {status}job matches {', '.join(filter(None, conditions))}"


def shown_text(rows: int, count: Count, scanned: int | None = None) -> str:
    """`50 of 1,234 jobs`, `1 job`, `No jobs`; `2 matches among 300,000 jobs` for a search that stopped early."""
    if scanned is not None:
        matches = "No match" if not rows else "1 match" if rows == 1 else f"{rows} matches"
        return f"{matches} among {scanned:,} jobs"
    if not rows:
        return "No jobs"
    jobs = "1 job" if count == Count(1) else f"{count_text(count)} jobs"
    return jobs if rows == count.value else f"{rows} of {jobs}"
