"""Walking a list in its order for the matches of a search, step by step, and reporting how far the walk got."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import Final, NamedTuple

from django.db import connection

from jobs.listing.keyset import Batch, Key, Window
from jobs.listing.reader import ID, STATUS, range_count, window_query
from jobs.rows import JOB_ROW, JobRow
from jobs.search import limits
from jobs.search.conditions import Criteria, columns_of, conjunction
from jobs.statuses import StatusType
from jobs.timeouts import TimeLimitExceeded, timebox


class WalkProgress(NamedTuple):
    """The matches so far, and where the walk stopped; it resumes with steps of `step` rows."""

    rows: list[JobRow]
    stopped_at: Key | None = None
    scanned: int = 0
    step: int = 0

    @property
    def batch(self) -> Batch[JobRow]:
        return Batch(self.rows, self.stopped_at, self.scanned)


NOT_STARTED: Final = WalkProgress([])
GROWTH: Final = 4


@dataclass(frozen=True)
class Walk:
    """A walk through the jobs with one of the statuses, or any status for None, for those that meet the criteria."""

    criteria: Criteria
    statuses: tuple[StatusType, ...] | None

    def resume(self, window: Window, progress: WalkProgress, seconds: float) -> WalkProgress:
        """Walks the ordering step by step until the window is full, the list ends, or the time is up."""
        found, key, scanned = [*progress.rows], progress.stopped_at, progress.scanned
        full_length = limits.step_rows(self.criteria.cost)
        length, is_first = progress.step or self._first_length, not progress.step
        deadline = monotonic() + seconds
        while True:
            started = monotonic()
            rest = replace(window, size=window.size - len(found), key=key or window.key)
            # With several statuses, the ranges that are merged make up one step together.
            step = length // range_count(self.statuses)
            try:
                rows, last = self._step_within_time_limit(rest, step)
            except TimeLimitExceeded:
                return WalkProgress(found, key, scanned, length)
            found += rows
            scanned += step
            if last is None or len(found) == window.size:
                return WalkProgress(found)
            key = window.ordering.key_of(last)
            is_last = (length == full_length or not is_first) and monotonic() >= deadline
            length, is_first = self._next_length(length, monotonic() - started), False
            if is_last:
                return WalkProgress(found, key, scanned, length)

    @property
    def _first_length(self) -> int:
        return limits.first_step_rows(self.criteria.cost)

    def _next_length(self, length: int, seconds: float) -> int:
        """A full step. If histories are looked up, which may have to come from the disk, one that takes half of the time
        limit at the rate of the last step: a step that exceeds the limit would be lost. A step that took less than that grows
        at least by GROWTH: the time of a short one is mostly that of planning its query.
        """
        full_length = limits.step_rows(self.criteria.cost)
        if self.criteria.cost == 1:
            return full_length
        time = limits.STEP_SECONDS / 2
        likely = length * max(time / max(seconds, 0.001), GROWTH if seconds < time else 0)
        return min(full_length, max(self._first_length, int(likely)))

    def _step_within_time_limit(
        self, window: Window, length: int
    ) -> tuple[list[JobRow], JobRow | None]:
        """The first step is short: only the general statement timeout applies to it."""
        if length <= self._first_length:
            return self._step(window, length)
        with timebox(limits.STEP_SECONDS):
            return self._step(window, length)

    def _step(self, window: Window, length: int) -> tuple[list[JobRow], JobRow | None]:
        """The matches among the next `length` rows, and the last of these rows if there may be more.

        The walk reads only the columns of the ordering and of the conditions: a search for names in order of name is an
        index-only scan.
        """
        column = window.ordering.columns[0].field
        conditions = self.criteria.other_conditions(column)
        hit, params = conjunction(conditions)
        order_columns = [column.sql for column in window.ordering.columns]
        filter_columns = [f"job.{column}" for column in columns_of(conditions)]
        columns = {
            *order_columns,
            *filter_columns,
            *([] if self.statuses is None else [STATUS.sql]),
        }
        walk = window_query(
            ", ".join(columns),
            self.statuses,
            replace(window, size=length),
            self.criteria.range_for(column),
        )
        sql = f"""
            SELECT {JOB_ROW}, walked.hit, walked.n FROM (
                SELECT id, hit, n FROM (
                    SELECT job.*, {hit} AS hit, row_number() OVER () AS n
                    FROM ({walk.sql}) AS job ORDER BY {walk.order_by}
                ) AS walked WHERE hit OR n = {length} LIMIT {window.size}
            ) AS walked JOIN job ON {ID.sql} = walked.id ORDER BY walked.n
        """
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, *walk.params])
            rows = [(JobRow._make(row), hit, n) for *row, hit, n in cursor.fetchall()]
        last = rows[-1][0] if rows and rows[-1][2] == length else None
        return [row for row, hit, _ in rows if hit], last
