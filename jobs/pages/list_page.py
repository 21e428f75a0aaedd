"""The job list as its templates show it: a page of jobs, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.listing.durations import NO_DETAILS, Details, read_details
from jobs.listing.keyset import Page
from jobs.listing.paging import DEFAULT_PAGE_SIZE
from jobs.mistakes import FieldError, InvalidQuery
from jobs.pages import descriptions, navigation
from jobs.pages.chips import Chip, chips, clear_all
from jobs.pages.columns import DEFAULT, Layout
from jobs.pages.formats import count_text
from jobs.pages.navigation import Link, PageLinks
from jobs.pages.new_operation import selection_query
from jobs.pages.return_link import ListContext
from jobs.pages.search_hints import Hint, search_hints
from jobs.pages.tables import JobTable
from jobs.querysets import StatusCounts
from jobs.rows import JobRow
from jobs.timeouts import timeout_text


@dataclass(frozen=True)
class StatusTabs:
    """The tabs, with the number of jobs in each status."""

    job_filter: JobFilter
    counts: StatusCounts

    @cached_property
    def tabs(self) -> list[Link]:
        return navigation.status_tabs(self.job_filter, self.counts)

    @cached_property
    def tab_title(self) -> str:
        return descriptions.tab_title(self.job_filter, self.counts)


@dataclass(frozen=True)
class ListPage(StatusTabs):
    """A page of jobs with its controls. `url` is the page's own; `announcement` says how many jobs it shows."""

    jobs: JobList
    keyset_page: Page[JobRow]
    announcement: str
    url: str
    notices: Sequence[str] = ()
    columns: Layout = DEFAULT
    details: Details = NO_DETAILS
    matches: str = ""

    @classmethod
    def read(
        cls, jobs: JobList, url: str, notices: Sequence[str], columns: Layout = DEFAULT
    ) -> ListPage:
        """The page, or the nearest one if all its jobs are gone. Raises InvalidQuery for a cursor of another list."""
        page = jobs.page()
        if nearest := navigation.nearest_page(jobs, page):
            jobs, page, notice = nearest
            notices = (*notices, notice)
        counts = jobs.counts_by_status()
        count = jobs.count_for_page(page, counts)
        shown = descriptions.shown_text(len(page.rows), count, page.scanned)
        details = read_details([job.id for job in page.rows])
        matches = "" if page.scanned is not None else count_text(count)
        return cls(
            jobs.job_filter, counts, jobs, page, shown, url, notices, columns, details, matches
        )

    @property
    def search_text(self) -> str:
        return str(self.job_filter.q)

    @cached_property
    def title(self) -> str:
        return descriptions.heading(self.job_filter)

    @property
    def list_key(self) -> str:
        """Names the list, whichever page of it is shown: a selection belongs to one list."""
        shown = {"view": None, "columns": None, "page_size": DEFAULT_PAGE_SIZE}
        return f"?{self.job_filter.query_string(cursor=None, **shown)}"

    @property
    def selection_query(self) -> str:
        """The query string, with its `?`, of the page on which all jobs of the list can be changed."""
        query = selection_query(self.job_filter)
        return f"?{query}" if query else ""

    @property
    def order(self) -> str:
        return descriptions.order_words(self.job_filter)

    @property
    def rows(self) -> list[JobRow]:
        return self.keyset_page.rows

    @property
    def table(self) -> JobTable:
        return JobTable(self.rows, self.job_filter, self.details, self.columns)

    @property
    def job_query(self) -> str:
        """The query string, with its `?`, of the URL of a job that returns to this list."""
        return ListContext(self.job_filter).job_query

    @property
    def chips(self) -> list[Chip]:
        return chips(self.job_filter)

    @cached_property
    def hints(self) -> list[Hint]:
        return search_hints(self.job_filter, is_empty=not self.rows)

    @property
    def clear_all(self) -> str:
        return clear_all(self.job_filter)

    @cached_property
    def links(self) -> PageLinks:
        return navigation.page_links(self.jobs, self.keyset_page)

    @property
    def exports(self) -> list[Link]:
        return navigation.exports(self.job_filter)

    @property
    def spreadsheets(self) -> list[Link]:
        return navigation.spreadsheets(self.job_filter)

    @property
    def page_sizes(self) -> list[Link]:
        return navigation.page_sizes(self.job_filter)

    @property
    def empty_text(self) -> str:
        return descriptions.empty_text(self.job_filter)

    @property
    def relaxations(self) -> list[Link]:
        return navigation.relaxations(self.job_filter)

    @cached_property
    def continue_links(self) -> list[Link]:
        return navigation.continue_links(self.job_filter, self.keyset_page)


@dataclass(frozen=True)
class TimedOut:
    """A search that exceeded the statement timeout, with links to faster ones."""

    job_filter: JobFilter
    url: str
    notices: Sequence[str] = ()

    @property
    def timeout(self) -> str:
        return timeout_text()

    @property
    def search_text(self) -> str:
        return str(self.job_filter.q)

    @cached_property
    def title(self) -> str:
        return descriptions.heading(self.job_filter)

    @property
    def announcement(self) -> str:
        return f"Search timed out after {self.timeout}"

    @property
    def description(self) -> str:
        return descriptions.description(self.job_filter)

    @cached_property
    def tabs(self) -> list[Link]:
        """Without counts: they would take as long."""
        return navigation.status_tabs(self.job_filter)

    @property
    def faster_searches(self) -> list[Link]:
        return navigation.faster_searches(self.job_filter)


@dataclass(frozen=True)
class InvalidLink:
    """A query string with errors outside its search text."""

    error: InvalidQuery
    notices: Sequence[str] = ()
    title: str = "Jobs"

    @property
    def announcement(self) -> str:
        return str(self.error)

    @property
    def filter_errors(self) -> list[FieldError]:
        return self.error.errors


@dataclass(frozen=True)
class StaleLink:
    """A link to a page of a list that it does not belong to any more: its cursor is of another list, or incomplete."""

    job_filter: JobFilter
    notices: Sequence[str] = ()
    title: str = "Jobs"
    announcement: str = "The link to this page of the list is no longer valid"

    @property
    def stale_links(self) -> list[Link]:
        """The first page of the list, and all jobs."""
        first = Link("First page", self.job_filter.first_page)
        everything = navigation.all_jobs(self.job_filter)
        return [first, Link("Show all jobs", everything)] if first.query else [first]
