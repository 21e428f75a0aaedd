"""The list of jobs that a filter asks for: its pages, its counts, and the neighbors of a job in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, TypeVar

from django.utils import timezone

from jobs.filters import JobFilter
from jobs.listing import keyset
from jobs.listing.paging import Paging
from jobs.listing.reader import ORDERINGS
from jobs.models import Job
from jobs.names import name_key
from jobs.querysets import Count, StatusCounts
from jobs.rows import JobRow
from jobs.search.conditions import Criteria
from jobs.search.executor import Search
from jobs.statuses import StatusType

AT: Final = "~"
DATED_CURSOR: Final = re.compile(f"(.*){AT}([0-9]{{1,10}})", re.ASCII)
Cursor = TypeVar("Cursor", str, str | None)


@dataclass(frozen=True)
class JobList:
    """Read the page first: that often yields the counts too, or shows that counting would be too slow.

    `search.count_hints` holds what it has found. Times in the search are relative to the moment at which its first page
    was read: the cursors of the other pages carry it, so that neither midnight nor time passing moves jobs between pages.
    """

    job_filter: JobFilter

    def page(self) -> keyset.Page[JobRow]:
        """One query; for a search a few, or a walk of up to a fifth of a second.

        Raises InvalidQuery if the cursor belongs to another list.
        """
        paging = Paging(self.job_filter.page_size, self._cursor)
        page = paging.paginate(self.search.read, self._ordering, self._scope)
        if not self.job_filter.q.depends_on_now:
            return page
        return replace(
            page,
            next=self._dated(page.next),
            previous=self._dated(page.previous),
            continue_cursor=self._dated(page.continue_cursor),
        )

    def neighbors(self, job: JobRow) -> tuple[JobRow | None, JobRow | None]:
        """The jobs before and after the sort key of this one, which need not be in the list itself.

        One query each, for a search a few. None at the ends of the list, and if a search stopped before finding one.
        """
        key = self._ordering.key_of(job)
        before, after = (
            self.search.read(keyset.Window(self._ordering, key, backwards, size=1)).rows
            for backwards in (True, False)
        )
        return (before[0] if before else None), (after[0] if after else None)

    def counts_by_status(self) -> StatusCounts:
        """Jobs per status, regardless of the selected statuses: exact without a search, capped with one."""
        if self._criteria.is_empty:
            return Job.objects.counts()
        counts = self.search.counts()
        selected = frozenset(self.job_filter.selected_statuses)
        if counts.relation == "exact" or self.search.statuses is None or not selected:
            return counts
        # The lower bound for the selected statuses is weak: it counts what a sample of all matches happened to contain.
        total, sampled = counts.total(selected), self.search.sampled_counts().total(selected)
        better = sampled if sampled.relation == "exact" else max(sampled, total)
        return replace(counts, better=(selected, better))

    def count(self, by_status: StatusCounts | None = None) -> Count:
        """The number of jobs in the whole list; pass `by_status` if it is known already."""
        selected = self.job_filter.selected_statuses
        if not selected:
            return Count(0)
        return (by_status or self.counts_by_status()).total(selected)

    def count_for_page(
        self, page: keyset.Page[JobRow], by_status: StatusCounts | None = None
    ) -> Count:
        """The count to display with a page: at least the rows of the page, and exact if it is the whole list."""
        count = self.count(by_status)
        if count.relation == "at_least" and page.is_whole:
            return Count(len(page.rows))
        return count.at_least(len(page.rows))

    @property
    def condition(self) -> tuple[str, list[Any]] | None:
        """SQL and its parameters: whether a job is in the list, regardless of its status. None if all jobs are."""
        return None if self._criteria.is_empty else self.search.condition

    @property
    def last_page_cursor(self) -> str:
        return self._dated(keyset.last_page(self._scope))

    def cursor_after(self, job: JobRow) -> str:
        """The cursor of the page that starts after the job, which need not be in the list."""
        return self._dated(keyset.cursor_after(job, self._ordering, self._scope))

    @property
    def has_foreign_cursor(self) -> bool:
        """Whether the cursor belongs to another list, so that `page` would raise InvalidQuery."""
        return self._cursor is not None and not keyset.is_valid(self._cursor, self._scope)

    @cached_property
    def search(self) -> Search:
        selected = self.job_filter.selected_statuses
        if len(selected) == len(StatusType):
            return Search(self._criteria)
        possible = self._criteria.possible
        return Search(self._criteria, tuple(status for status in selected if status in possible))

    @cached_property
    def _criteria(self) -> Criteria:
        return self.job_filter.q.criteria(self._moment.astimezone(self.job_filter.zone))

    @cached_property
    def _moment(self) -> datetime:
        """What the times in the search are relative to, in whole seconds: now, or the moment in the cursor."""
        if self._dated_cursor:
            return datetime.fromtimestamp(int(self._dated_cursor[2]), UTC)
        return timezone.now().replace(microsecond=0)

    @property
    def _cursor(self) -> str | None:
        """The cursor without its moment. One that has a moment without need is of another list, and stays as it is."""
        return self._dated_cursor[1] if self._dated_cursor else self.job_filter.cursor

    @cached_property
    def _dated_cursor(self) -> re.Match[str] | None:
        is_dated = self.job_filter.cursor and self.job_filter.q.depends_on_now
        return DATED_CURSOR.fullmatch(self.job_filter.cursor or "") if is_dated else None

    def _dated(self, cursor: Cursor) -> Cursor:
        """The cursor with the moment, if the search depends on it. Not signed: another moment is another search."""
        if cursor is None or not self.job_filter.q.depends_on_now:
            return cursor
        return f"{cursor}{AT}{int(self._moment.timestamp())}"

    @property
    def _ordering(self) -> keyset.Ordering:
        return ORDERINGS[self.job_filter.ordering]

    @cached_property
    def _scope(self) -> str:
        # Independent of the wording of the query, so that a cursor is valid for all wordings.
        job_filter = self.job_filter
        terms = sorted(name_key(str(term)) for term in job_filter.q.without_statuses().terms)
        zone = [job_filter.tz] if job_filter.tz else []
        return json.dumps([job_filter.selected_statuses, terms, job_filter.ordering, *zone])
