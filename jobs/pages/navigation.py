"""The links around the table: status tabs, pages, page sizes, and ways out of an empty answer."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.filters import DEFAULT_ORDERING, DEFAULT_PAGE_SIZE, JobFilter
from jobs.keyset import Page
from jobs.pages.formats import count_text
from jobs.querysets import Count, JobRow, StatusCounts
from jobs.statuses import StatusType

PAGE_SIZES = (25, DEFAULT_PAGE_SIZE, 100, 200)
# What lies before and after a page, in the words of its ordering
NEIGHBOURS = {
    "-created_at": ("Newer", "Older"),
    "-updated_at": ("Newer", "Older"),
    "created_at": ("Older", "Newer"),
    "updated_at": ("Older", "Newer"),
}


@dataclass(frozen=True)
class Link:
    """Where to go; without a query there is nothing there. `current` marks where we are."""

    label: str
    query: str | None
    current: bool = False
    status: str = ""
    count: str = ""


def status_tabs(job_filter: JobFilter, counts: StatusCounts) -> list[Link]:
    everything = Link(
        "All",
        job_filter.query(statuses=()),
        current=not job_filter.statuses,
        count=count_text(counts.total()),
    )
    return [everything] + [
        Link(
            status.label,
            job_filter.query(statuses=(status,)),
            current=status in job_filter.statuses,
            status=status.value,
            count=count_text(counts.total([status])),
        )
        for status in StatusType
    ]


def page_links(job_filter: JobFilter, page: Page[JobRow]) -> list[Link]:
    """First, the page before, the page after, last."""
    before, after = NEIGHBOURS.get(job_filter.ordering, ("Previous", "Next"))

    def link(label: str, there: str | None, cursor: str | None) -> Link:
        return Link(label, job_filter.query(cursor=cursor) if there else None)

    return [
        link("First", page.previous, None),
        link(f"← {before}", page.previous, page.previous),
        link(f"{after} →", page.next, page.next),
        link("Last", page.next, job_filter.last_page_cursor),
    ]


def page_sizes(job_filter: JobFilter) -> list[Link]:
    sizes = sorted({*PAGE_SIZES, job_filter.page_size})
    return [
        Link(
            str(size),
            job_filter.query(page_size=size, cursor=None),
            current=size == job_filter.page_size,
        )
        for size in sizes
    ]


def ways_out(job_filter: JobFilter) -> list[Link]:
    """From an empty answer: the question with one part left out, each."""
    links = []
    if job_filter.statuses and job_filter.search:
        links.append(Link("Search in all statuses", job_filter.query(statuses=())))
        links.append(Link(f"Show all {status_words(job_filter)} jobs", job_filter.query(search="")))
    if job_filter.is_narrowed:
        links.append(Link("Show all jobs", JobFilter(page_size=job_filter.page_size).query()))
    return links


def search_on(job_filter: JobFilter, page: Page[JobRow]) -> list[Link]:
    """From a search that stopped: on from there, or another question that is answered sooner."""
    if page.onward is None:
        return []
    links = [Link("Search on", job_filter.query(cursor=page.onward))]
    if job_filter.ordering.removeprefix("-") == "name":
        links.append(Link("Newest first", job_filter.query(ordering=DEFAULT_ORDERING)))
    return links + ways_out(job_filter)


def narrower(job_filter: JobFilter) -> list[Link]:
    """From a question that took too long: the same with its costly parts left out, one by one."""
    newest_first = Link("Newest first", job_filter.query(ordering=DEFAULT_ORDERING))
    links = [newest_first] if job_filter.ordering != DEFAULT_ORDERING else []
    return links + (ways_out(job_filter) or [Link("Show all jobs", "")])


def question(job_filter: JobFilter) -> str:
    """What was asked, in words: `“turbine” in failed jobs, by name`."""
    asked = heading(job_filter)
    asked = asked if job_filter.search else asked.lower()
    field = job_filter.ordering.removeprefix("-").removesuffix("_at")
    return asked if job_filter.ordering == DEFAULT_ORDERING else f"{asked}, sorted by {field}"


def status_words(job_filter: JobFilter) -> str:
    """`failed`, `pending or running`, or nothing."""
    return " or ".join(status.label.lower() for status in job_filter.statuses)


def heading(job_filter: JobFilter) -> str:
    """What the list shows, for the tab's title: `Failed jobs`, `“turbine” in failed jobs`."""
    jobs = f"{status_words(job_filter)} jobs".strip()
    return f"“{job_filter.search}” in {jobs}" if job_filter.search else jobs.capitalize()


def tab_title(job_filter: JobFilter, counts: StatusCounts) -> str:
    """The heading, after what an operator looks for in a row of tabs: `(3 failed) Jobs`, `(12) Running jobs`."""
    if job_filter.statuses:
        number = f"({count_text(counts.total(job_filter.statuses))}) "
    else:
        failed = counts.total([StatusType.FAILED])
        number = f"({count_text(failed)} failed) " if failed.value else ""
    return f"{number}{heading(job_filter)}"


def empty_text(job_filter: JobFilter) -> str:
    """`No failed job matches “turbine”`, `No running jobs`."""
    status = f"{status_words(job_filter)} " if job_filter.statuses else ""
    return (
        f"No {status}job matches “{job_filter.search}”" if job_filter.search else f"No {status}jobs"
    )


def shown_text(rows: int, count: Count, looked_through: int | None = None) -> str:
    """`50 of 1,234 jobs`, `1 job`, `No jobs`; `2 matches among 300,000 jobs` where a search stopped there."""
    if looked_through is not None:
        matches = "No match" if not rows else "1 match" if rows == 1 else f"{rows} matches"
        return f"{matches} among {looked_through:,} jobs"
    if not rows:
        return "No jobs"
    jobs = "1 job" if count == Count(1) else f"{count_text(count)} jobs"
    return jobs if rows == count.value else f"{rows} of {jobs}"
