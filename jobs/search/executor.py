"""Reading and counting the matches of a search in bounded time, whether they are common, rare or far away.

The planner assumes that matches are spread evenly along an index. If all of them are old, it walks the index of the
ordering through millions of rows to find them; forced to use another index, it sorts millions of matches if they are
common. No estimate tells reliably which of the two it will be: an index may have to examine a hundred times as many
entries as it returns. So each strategy has a time limit, and the next one takes over when it is exceeded:

1. If few matches are expected, their index finds them, and they are sorted and counted in the same pass.
2. Otherwise a short walk along the ordering may fill the page.
3. Then the matches are sorted, if that can be done in time. Several parts of a name that the trigram index supports are
   looked up together first, however many matches each has. Without them, more than SORT_LIMIT are not sorted.
4. Then the walk continues for a moment and reports how far it got.

A bound on the time that the list is ordered by is a range of the ordering's index and needs no search at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import connection

from jobs.listing.keyset import Batch, Window
from jobs.listing.reader import (
    ORDERINGS,
    SORTABLE_JOB,
    fetch_jobs,
    job_reader,
    range_count,
    window_query,
)
from jobs.querysets import COUNT_CAP, StatusCounts
from jobs.rows import JOB_ROW, JobRow
from jobs.search import limits
from jobs.search.conditions import Criteria, columns_of, conjunction, status_in
from jobs.search.selectivity import IndexSplit, Selectivity
from jobs.search.walk import NOT_STARTED, Walk, WalkProgress
from jobs.statuses import StatusType
from jobs.timeouts import TimeLimitExceeded, timebox

Strategy = Callable[[Window], Batch[JobRow]]


@dataclass
class CountHints:
    """What reading a page reveals about counting: that sorting takes too long, or the counts themselves."""

    is_slow: bool = False
    counts: StatusCounts | None = None


@dataclass(frozen=True)
class Search:
    """The jobs that meet the criteria and have one of the statuses; None means any status.

    `read` leaves what it learns about the counts in `count_hints`, so that `counts` need not find it out again.
    """

    criteria: Criteria
    statuses: tuple[StatusType, ...] | None = None
    count_hints: CountHints = field(default_factory=CountHints, compare=False)

    def read(self, window: Window) -> Batch[JobRow]:
        """One query if the index of the ordering covers all criteria; otherwise up to four, or a walk."""
        if self.criteria.is_unsatisfiable or self.statuses == ():
            return Batch([])
        column = window.ordering.columns[0].field
        if not self.criteria.other_conditions(column):
            return job_reader(self.statuses, self.criteria.range_for(column))(window)
        condition, expected = self._selectivity.most_selective
        expected *= self.criteria.cost
        progress = NOT_STARTED
        is_inverted = condition.column in limits.INVERTED
        if expected <= (limits.SORT_FIRST_LIMIT if is_inverted else limits.RANGE_SORT_FIRST_LIMIT):
            strategy = self._sort_and_count if self._can_count_all else self._sort
        elif len(self._selectivity.names) > 1 or expected <= limits.SORT_LIMIT:
            progress = self._walk(window, NOT_STARTED, seconds=0)
            if progress.stopped_at is None:
                return progress.batch
            strategy = self._intersect_names if len(self._selectivity.names) > 1 else self._sort
        else:
            return self._walk(window, NOT_STARTED, limits.WALK_SECONDS).batch
        found = self._within_time_limit(strategy, window)
        return found or self._walk(window, progress, limits.WALK_SECONDS_AFTER_SORT).batch

    def counts(self) -> StatusCounts:
        """Matches per status, regardless of `statuses`: exact up to COUNT_CAP, lower bounds above it.

        If counting them takes too long, it counts a sample of the newest jobs instead.
        """
        if self.criteria.is_unsatisfiable:
            return StatusCounts(dict.fromkeys(StatusType, 0))
        if self.count_hints.counts:
            return self.count_hints.counts
        if self.count_hints.is_slow or self.estimate * self.criteria.cost > limits.SORT_LIMIT:
            return replace(self, statuses=None).sampled_counts()
        try:
            with timebox(limits.COUNT_SECONDS):
                return self._count_matches()
        except TimeLimitExceeded:
            self.count_hints.is_slow = True
            return replace(self, statuses=None).sampled_counts()

    def _count_matches(self) -> StatusCounts:
        """The bitmap covers all matches; only as many rows as are counted are read."""
        selectivity = self._selectivity
        indexed, filters = selectivity.split_indexed(
            self.criteria.conditions, selectivity.most_selective_criterion
        )
        inner, inner_params = conjunction(indexed)
        outer, outer_params = conjunction(filters)
        columns = {"current_status", *columns_of(filters)}
        sql = f"""
            WITH job AS MATERIALIZED (SELECT {", ".join(columns)} FROM job WHERE {inner})
            SELECT current_status, count(*), FALSE FROM (
                SELECT current_status FROM job WHERE {outer} LIMIT {COUNT_CAP + 1}
            ) AS job GROUP BY 1
        """
        return _fetch_counts(sql, [*inner_params, *outer_params])

    def sampled_counts(self) -> StatusCounts:
        """Matches among the newest jobs with the statuses: exact if the sample covers all of them. One query.

        If the search has a time, "newest" is by that time, so that the sample lies within its range.
        """
        size = max(1, limits.COUNT_SAMPLE_ROWS // range_count(self.statuses) // self.criteria.cost)
        time = self._selectivity.most_selective_time
        newest = Window(ORDERINGS[f"-{time}"], (), backwards=False, size=size)
        conditions = self.criteria.other_conditions(time)
        hit, params = conjunction(conditions)
        columns = ", ".join({"current_status", time, "id", *columns_of(conditions)})
        sample = window_query(columns, self.statuses, newest, self.criteria.range_for(time))
        sql = f"""
            SELECT current_status, count(*) FILTER (WHERE hit), bool_or(n = {size}) FROM (
                SELECT current_status, hit, n FROM (
                    SELECT current_status, {hit} AS hit, row_number() OVER () AS n
                    FROM ({sample.sql}) AS job
                ) AS walked WHERE hit OR n = {size} LIMIT {COUNT_CAP + 1}
            ) AS job GROUP BY 1
        """
        return _fetch_counts(sql, [*params, *sample.params])

    @property
    def estimate(self) -> float:
        """An estimated upper bound on the matches of any status; infinite if no index applies."""
        return self._selectivity.estimate

    @property
    def condition(self) -> tuple[str, list[Any]]:
        """SQL and its parameters: whether a job meets the criteria, regardless of its status."""
        if self.criteria.is_unsatisfiable:
            return "FALSE", []
        return conjunction(self.criteria.conditions)

    @cached_property
    def _selectivity(self) -> Selectivity:
        return Selectivity(self.criteria, self.statuses)

    def _within_time_limit(self, strategy: Strategy, window: Window) -> Batch[JobRow] | None:
        """None if the matches cannot be found and sorted in time."""
        try:
            with timebox(limits.SORT_SECONDS):
                return strategy(window)
        except TimeLimitExceeded:
            self.count_hints.is_slow = True
            return None

    @property
    def _can_count_all(self) -> bool:
        """Whether the matches of any status are few enough to be counted while they are sorted."""
        condition, expected = self._selectivity.most_selective
        is_few = expected * self.criteria.cost <= limits.SORT_FIRST_LIMIT
        return is_few and condition in self.criteria.conditions

    def _sort(self, window: Window) -> Batch[JobRow]:
        """Reads all matches of the most selective condition through its index and keeps the nearest.

        A less selective one must not be looked up as well: to find which of fifty jobs are among three million others,
        the trigram index lists the three million.
        """
        selectivity = self._selectivity
        condition, _ = selectivity.most_selective
        indexed, filters = selectivity.split_indexed(selectivity.conditions, condition)
        inner, inner_params = conjunction(indexed)
        outer, outer_params = conjunction(filters)
        # OFFSET 0 is an optimization fence: without it the planner would walk the ordering after all.
        sql = f"""
            SELECT {JOB_ROW} FROM (SELECT * FROM job WHERE {inner} OFFSET 0) AS job
            WHERE {outer} AND {window.beyond_key} ORDER BY {window.order_by} LIMIT {window.size}
        """
        return Batch(fetch_jobs(sql, [*inner_params, *outer_params, *window.key]))

    def _sort_and_count(self, window: Window) -> Batch[JobRow]:
        """As `_sort`, but also counts all matches, in a single index lookup."""
        condition, _ = self._selectivity.most_selective
        split = self._selectivity.split_indexed(self.criteria.conditions, condition)
        return self._sort_and_count_split(split, window)

    def _intersect_names(self, window: Window) -> Batch[JobRow]:
        """Looks up all parts of the name together: for two common words that rarely occur in one name, the index itself
        finds the few names that contain both.
        """
        return self._sort_and_count_split(self._selectivity.intersect_names(), window)

    def _sort_and_count_split(self, split: IndexSplit, window: Window) -> Batch[JobRow]:
        """Stores the counts of all matches in `count_hints`."""
        indexed, filters = split
        inner, inner_params = conjunction(indexed)
        outer, outer_params = conjunction(filters)
        with_status, status_params = conjunction(status_in(self.statuses))
        sql = f"""
            WITH found AS MATERIALIZED (SELECT * FROM job WHERE {inner}),
            job AS MATERIALIZED (SELECT {SORTABLE_JOB} FROM found AS job WHERE {outer}),
            counts AS (
                SELECT coalesce(json_object_agg(current_status, n), '{{}}') AS counts
                FROM (SELECT current_status, count(*) AS n FROM job GROUP BY 1) AS numbers
            ),
            page AS (
                SELECT {JOB_ROW}, row_number() OVER (ORDER BY {window.order_by}) AS place FROM job
                WHERE {with_status} AND {window.beyond_key} ORDER BY {window.order_by} LIMIT {window.size}
            )
            SELECT counts.counts, page.* FROM counts LEFT JOIN page ON true ORDER BY place
        """
        params = [*inner_params, *outer_params, *status_params, *window.key]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows = cursor.fetchall()
        numbers = rows[0][0]
        counts = {status: numbers.get(status.value, 0) for status in StatusType}
        is_capped = sum(counts.values()) > COUNT_CAP
        self.count_hints.counts = StatusCounts(counts, "at_least" if is_capped else "exact")
        return Batch([JobRow._make(row[1:-1]) for row in rows if row[1] is not None])

    def _walk(self, window: Window, progress: WalkProgress, seconds: float) -> WalkProgress:
        return Walk(self.criteria, self.statuses).resume(window, progress, seconds)


def _fetch_counts(sql: str, params: list[Any]) -> StatusCounts:
    """From rows of status, count, and whether counting stopped early."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    numbers = {status: number for status, number, _ in rows}
    counts = {status: numbers.get(status, 0) for status in StatusType}
    stopped = any(early for *_, early in rows) or sum(counts.values()) > COUNT_CAP
    return StatusCounts(counts, "at_least" if stopped else "exact")
