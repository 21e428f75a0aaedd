"""The list in words: its title, and the texts that say what it shows or why it is empty."""

from __future__ import annotations

from jobs.filters import DEFAULT_ORDERING, JobFilter
from jobs.names import isolated
from jobs.pages.formats import count_text
from jobs.querysets import Count, StatusCounts
from jobs.search.query import Term
from jobs.search.terms import ANY_NAME, NAME, STATUS
from jobs.statuses import StatusType


def description(job_filter: JobFilter) -> str:
    """The list in words: `“turbine” in failed jobs, sorted by name`."""
    text = heading(job_filter)
    text = text[0].lower() + text[1:]
    field = job_filter.ordering.removeprefix("-").removesuffix("_at")
    return text if job_filter.ordering == DEFAULT_ORDERING else f"{text}, sorted by {field}"


# Words for each order of each sortable column
ORDERS = {
    "created_at": ("oldest first", "newest first"),
    "updated_at": ("least recently updated first", "most recently updated first"),
    "name": ("sorted by name", "sorted by name, Z to A"),
}


def order_words(job_filter: JobFilter) -> str:
    """`newest first`, `sorted by name`."""
    ordering = job_filter.ordering
    return ORDERS[ordering.removeprefix("-")][ordering.startswith("-")]


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
    """`“turbine” and “blade”`, `“turbine” or “wing”`."""
    terms = [t for t in job_filter.q.terms if t.field in (NAME, ANY_NAME) and not t.is_excluded]
    return " and ".join(_quoted(term) for term in terms)


def _quoted(term: Term) -> str:
    names = term.value if term.field is ANY_NAME else [term.value]
    return " or ".join(f"“{isolated(name)}”" for name in names)


def other_words(job_filter: JobFilter) -> list[str]:
    """The other terms, without statuses: `id 12`, `created since 2026-11-20`, `without “draft”`."""
    terms = [term for term in job_filter.q.terms if term.field not in (NAME, ANY_NAME, STATUS)]
    without = [t for t in job_filter.q.terms if t.field is NAME and t.is_excluded]
    return [
        *(f"without {_quoted(term)}" for term in without),
        *(f"{term.field.name} {isolated(term.words)}" for term in terms),
    ]


def tab_title(job_filter: JobFilter, counts: StatusCounts) -> str:
    """The heading, after the number to look for in a row of browser tabs: `(3 failed) Jobs`, `(12) Running jobs`."""
    if job_filter.statuses is not None:
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
