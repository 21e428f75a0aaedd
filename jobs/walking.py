"""Looking through a list in its order for what a search asks, step by step, and saying how far it came."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import Final, NamedTuple

from django.db import connection

from jobs import search_limits as limits
from jobs.criteria import Criteria, all_of
from jobs.keyset import Found, Key, Stretch
from jobs.listing import ID, STATUS, in_order
from jobs.querysets import JOB_ROW, JobRow
from jobs.statuses import StatusType
from jobs.timebox import OutOfTime, timebox


class Walked(NamedTuple):
    """How far a walk has come; it goes on with steps of that length."""

    rows: list[JobRow]
    stopped_at: Key | None = None
    looked_through: int = 0
    step: int = 0

    @property
    def found(self) -> Found[JobRow]:
        return Found(self.rows, self.stopped_at, self.looked_through)


START: Final = Walked([])


@dataclass(frozen=True)
class Walk:
    """Through the jobs in any of the statuses, in all where there are none, for those that meet the criteria."""

    criteria: Criteria
    statuses: tuple[StatusType, ...]

    def on(self, stretch: Stretch, begun: Walked, patience: float) -> Walked:
        """Step by step along the ordering, until the stretch is filled, the list ends, or patience does."""
        found, key, looked = [*begun.rows], begun.stopped_at, begun.looked_through
        length = begun.step or limits.FIRST
        until = monotonic() + patience
        while True:
            wanted = replace(stretch, size=stretch.size - len(found), key=key or stretch.key)
            # Several ranges are read to be merged: together they are one step.
            step = length // max(len(self.statuses), 1)
            try:
                rows, last = self._step_in_time(wanted, step)
            except OutOfTime:
                return Walked(found, key, looked, length)
            found += rows
            looked += step
            if last is None or len(found) == stretch.size:
                return Walked(found)
            key = stretch.ordering.key_of(last)
            if length == limits.STEP and monotonic() >= until:
                return Walked(found, key, looked, limits.STEP)
            length = limits.STEP

    def _step_in_time(self, stretch: Stretch, length: int) -> tuple[list[JobRow], JobRow | None]:
        """A first step, a short one, has all the time of a statement."""
        if length <= limits.FIRST:
            return self._step(stretch, length)
        with timebox(limits.STEP_SECONDS):
            return self._step(stretch, length)

    def _step(self, stretch: Stretch, length: int) -> tuple[list[JobRow], JobRow | None]:
        """The matches among the next `length` rows, and the last of these where there may be more.

        Only what is sorted and searched by is read on the way: names sorted by name are the index alone.
        """
        column = stretch.ordering.columns[0].field
        beside = self.criteria.beside(column)
        hit, params = all_of(beside)
        sorted_by = [column.sql for column in stretch.ordering.columns]
        looked_at = [f"job.{condition.column}" for condition in beside]
        columns = {*sorted_by, *looked_at, *([STATUS.sql] if self.statuses else [])}
        walk = in_order(
            ", ".join(columns),
            self.statuses,
            replace(stretch, size=length),
            self.criteria.along(column),
        )
        sql = f"""
            SELECT {JOB_ROW}, walked.hit, walked.n FROM (
                SELECT id, hit, n FROM (
                    SELECT job.*, {hit} AS hit, row_number() OVER () AS n
                    FROM ({walk.sql}) AS job ORDER BY {walk.order_by}
                ) AS walked WHERE hit OR n = {length} LIMIT {stretch.size}
            ) AS walked JOIN job ON {ID.sql} = walked.id ORDER BY walked.n
        """
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, *walk.params])
            rows = [(JobRow._make(row), hit, n) for *row, hit, n in cursor.fetchall()]
        last = rows[-1][0] if rows and rows[-1][2] == length else None
        return [row for row, hit, _ in rows if hit], last
