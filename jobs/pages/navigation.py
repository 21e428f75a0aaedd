"""The links around the table: status tabs, pages, page sizes, and ways out of an empty answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jobs.filters import DEFAULT_ORDERING, JobFilter
from jobs.keyset import Page
from jobs.pages.chips import part_words
from jobs.pages.formats import count_text
from jobs.pages.lengths import fitting_query, page_query
from jobs.paging import DEFAULT_PAGE_SIZE
from jobs.query import NO_QUERY
from jobs.querysets import Count, JobRow, StatusCounts
from jobs.statuses import StatusType

PAGE_SIZES = (25, DEFAULT_PAGE_SIZE, 100, 200)
SEPARATORS = {"comma": "Comma", "semicolon": "Semicolon", "tab": "Tab"}
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
    """A tab chooses the status; what the search says of statuses gives way."""
    q = job_filter.q.without_statuses()
    chosen = job_filter.chosen
    everything = Link(
        "All",
        fitting_query(job_filter, statuses=(), q=q),
        current=len(chosen) == len(StatusType),
        count=count_text(counts.total()),
    )
    return [everything] + [
        Link(
            status.label,
            fitting_query(job_filter, statuses=(status,), q=q),
            current=status in chosen and not everything.current,
            status=status.value,
            count=count_text(counts.total([status])),
        )
        for status in StatusType
    ]


def page_links(job_filter: JobFilter, page: Page[JobRow]) -> list[Link]:
    """First, the page before, the page after, last."""
    before, after = NEIGHBOURS.get(job_filter.ordering, ("Previous", "Next"))

    def link(label: str, there: str | None, cursor: str | None) -> Link:
        return Link(label, page_query(job_filter, cursor) if there else None)

    return [
        link("First", page.previous, None),
        link(f"← {before}", page.previous, page.previous),
        link(f"{after} →", page.next, page.next),
        link("Last", page.next, job_filter.last_page_cursor),
    ]


def other_end(
    job_filter: JobFilter, page: Page[JobRow]
) -> tuple[JobFilter, Page[JobRow], str] | None:
    """For a page that has been emptied, by deletions or by other statuses: the nearest one that has jobs."""
    if page.rows or page.looked_through is not None or page.is_whole:
        return None
    is_last = page.previous is not None
    there = replace(job_filter, cursor=page.previous)
    nearest = there.page()
    which = "last" if is_last else "first"
    notice = f"The page you were on is empty now. This is the {which} page."
    return (there, nearest, notice) if nearest.rows else None


def exports(job_filter: JobFilter) -> list[Link]:
    """The whole list as a file, in its order: whatever page of it is shown."""
    asked = _asked(job_filter)
    return [Link(name.upper(), f"format={name}{asked}") for name in ("csv", "ndjson")]


def spreadsheets(job_filter: JobFilter) -> list[Link]:
    """The same for a spreadsheet, which reads UTF-8 only after a byte order mark, and splits by its country's sign."""
    asked = _asked(job_filter)
    return [
        Link(label, f"format=csv&bom=yes&separator={name}{asked}")
        for name, label in SEPARATORS.items()
    ]


def _asked(job_filter: JobFilter) -> str:
    """As the end of a query string. Without its search it would be another list: then it has none of this page's."""
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


def ways_out(job_filter: JobFilter) -> list[Link]:
    """From an empty answer: the question with one part left out, each."""
    links = []
    q = job_filter.q.without_statuses()
    if job_filter.statuses and not job_filter.chosen:
        # The search names other statuses than the tab, which nothing else shows.
        links.append(Link("Search in all statuses", job_filter.query(statuses=())))
    elif len(job_filter.chosen) < len(StatusType) and q.parts:
        links.append(Link("Search in all statuses", job_filter.query(statuses=(), q=q)))
        if words := status_words(job_filter):
            only = job_filter.query(statuses=job_filter.chosen, q=NO_QUERY)
            links.append(Link(f"Show all {words} jobs", only))
    if 1 < len(q.parts) <= 4:
        links += [
            Link(
                f"Without {part.field}: {part_words(part)}",
                job_filter.query(q=job_filter.q.without(part)),
            )
            for part in q.parts
        ]
    if job_filter.is_narrowed:
        links.append(Link("Show all jobs", JobFilter(page_size=job_filter.page_size).query()))
    return links


def search_on(job_filter: JobFilter, page: Page[JobRow]) -> list[Link]:
    """From a search that stopped: on from there, or another question that is answered sooner."""
    if page.onward is None:
        return []
    onward = page_query(job_filter, page.onward)
    links = [] if onward is None else [Link("Search on", onward)]
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
    asked = asked[0].lower() + asked[1:]
    field = job_filter.ordering.removeprefix("-").removesuffix("_at")
    return asked if job_filter.ordering == DEFAULT_ORDERING else f"{asked}, sorted by {field}"


def status_words(job_filter: JobFilter) -> str:
    """`failed`, `pending or running`, or nothing where no status is left out."""
    chosen = job_filter.chosen
    words = " or ".join(status.label.lower() for status in chosen)
    return words if len(chosen) < len(StatusType) else ""


def heading(job_filter: JobFilter) -> str:
    """What the list shows, for the tab's title: `Failed jobs`, `“turbine” in failed jobs, updated before 2026`."""
    jobs = f"{status_words(job_filter)} jobs".strip()
    names = name_words(job_filter)
    asked = f"{names} in {jobs}" if names else jobs[0].upper() + jobs[1:]
    return ", ".join([asked, *other_words(job_filter)])


def name_words(job_filter: JobFilter) -> str:
    """`“turbine” and “blade”`."""
    return " and ".join(f"“{name}”" for name in job_filter.q.names)


def other_words(job_filter: JobFilter) -> list[str]:
    """`id 12`, `created since 2026-11-20`."""
    parts = [part for part in job_filter.q.parts if part.field in {"id", "created", "updated"}]
    return [f"{part.field} {part_words(part)}" for part in parts]


def tab_title(job_filter: JobFilter, counts: StatusCounts) -> str:
    """The heading, after what an operator looks for in a row of tabs: `(3 failed) Jobs`, `(12) Running jobs`."""
    if job_filter.statuses:
        number = f"({count_text(counts.total(job_filter.chosen))}) " if job_filter.chosen else ""
    else:
        failed = counts.total([StatusType.FAILED])
        number = f"({count_text(failed)} failed) " if failed.value else ""
    return f"{number}{heading(job_filter)}"


def empty_text(job_filter: JobFilter) -> str:
    """`No failed job matches “turbine”`, `No running jobs`."""
    if not job_filter.chosen:
        return "No job has all of these statuses at once"
    wanted = [name_words(job_filter), *other_words(job_filter)]
    status = f"{words} " if (words := status_words(job_filter)) else ""
    if not job_filter.is_searched:
        return f"No {status}jobs"
    return f"No {status}job matches {', '.join(filter(None, wanted))}"


def shown_text(rows: int, count: Count, looked_through: int | None = None) -> str:
    """`50 of 1,234 jobs`, `1 job`, `No jobs`; `2 matches among 300,000 jobs` where a search stopped there."""
    if looked_through is not None:
        matches = "No match" if not rows else "1 match" if rows == 1 else f"{rows} matches"
        return f"{matches} among {looked_through:,} jobs"
    if not rows:
        return "No jobs"
    jobs = "1 job" if count == Count(1) else f"{count_text(count)} jobs"
    return jobs if rows == count.value else f"{rows} of {jobs}"
