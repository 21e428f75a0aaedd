"""Reading and counting what a search finds, bounded whether its matches are common, rare or far away.

The planner believes that matches lie evenly along an index. Where they are all old, it walks the index of the
ordering through millions of rows to find them; told to use another index, it sorts millions of matches when they
are common. So the estimated number of matches decides. Few are found by their index and sorted. Otherwise a
walk along the ordering finds the page; where that does not fill it soon, the matches are sorted if that can be
done in time, and else the walk goes on for a moment and says how far it came. What bounds the ordering's own
time is the range of its index, and no search at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter
from time import monotonic
from typing import Any, Final

from django.db import connection

from jobs.criteria import Condition, Criteria, all_of, one_of
from jobs.estimates import estimates
from jobs.keyset import Found, Stretch
from jobs.listing import ID, ORDERINGS, STATUS, in_order, in_statuses, job_rows
from jobs.querysets import COUNT_CAP, JOB_ROW, JobRow, StatusCounts
from jobs.statuses import StatusType

# So few matches are read and sorted in the time of a short walk: by trigram, and by an index that is a range.
FEW: Final = 5_000
FEW_IN_RANGE: Final = 50_000
# So many are still sorted in a third of a second.
SORTABLE: Final = 250_000
# Rows of one step of the walk. A term in one name of four hundred fills a page of fifty within it. The first step
# is a twentieth: common terms fill it, and where several statuses are merged all of a step is read.
STEP: Final = 20_000
FIRST: Final = 1_000
# Seconds after which the walk takes no further step.
PATIENCE: Final = 0.2
# Rows that are looked through for a count, where the matches themselves are too many to count.
COUNT_WALK: Final = 20_000


@dataclass(frozen=True)
class Search:
    """The jobs that meet the criteria, in any of the statuses; in all where there are none."""

    criteria: Criteria
    statuses: tuple[StatusType, ...] = ()

    def read(self, stretch: Stretch) -> Found[JobRow]:
        """One query where the ordering's index answers all that is asked. Else up to four, or a walk."""
        if self.criteria.is_impossible:
            return Found([])
        field = stretch.ordering.columns[0].field
        if not self.criteria.beside(field):
            return in_statuses(self.statuses, self.criteria.along(field))(stretch)
        narrowest, at_most = self._narrowest
        if at_most <= (FEW if narrowest.column == "name_key" else FEW_IN_RANGE):
            return self._sorted(stretch)
        sortable = at_most <= SORTABLE
        found = self._walk(stretch, patience=0 if sortable else PATIENCE)
        if sortable and found.stopped_at is not None:
            return self._sorted(stretch)
        return found

    def counts(self) -> StatusCounts:
        """Matches per status, whichever are chosen: exact up to COUNT_CAP, past it lower bounds. One query."""
        if self.criteria.is_impossible:
            return StatusCounts(dict.fromkeys(StatusType, 0))
        if self.estimate > SORTABLE:
            return replace(self, statuses=()).counts_nearby()
        # The bitmap of all matches is made; of their rows only as many as counted are read.
        narrowest = self.criteria.conditions[self._estimates.index(self.estimate)]
        found, others = _apart(self.criteria.conditions, narrowest)
        inner, inner_params = all_of(found)
        outer, outer_params = all_of(others)
        sql = f"""
            WITH job AS MATERIALIZED (
                SELECT id, current_status, name_key, created_at, updated_at FROM job WHERE {inner}
            )
            SELECT current_status, count(*), FALSE FROM (
                SELECT current_status FROM job WHERE {outer} LIMIT {COUNT_CAP + 1}
            ) AS job GROUP BY 1
        """
        return _capped(sql, [*inner_params, *outer_params])

    def counts_nearby(self) -> StatusCounts:
        """Matches among the newest jobs in the statuses: exact where those are all. One query.

        The newest by the time that is asked for, where one is: that time's range then holds nothing else.
        """
        length = COUNT_WALK // max(len(self.statuses), 1)
        newest = Stretch(ORDERINGS[f"-{self._time}"], (), backwards=False, size=length)
        beside = self.criteria.beside(self._time)
        hit, params = all_of(beside)
        columns = {"current_status", self._time, "id", *(part.column for part in beside)}
        walk = in_order(", ".join(columns), self.statuses, newest, self.criteria.along(self._time))
        sql = f"""
            SELECT current_status, count(*) FILTER (WHERE hit), bool_or(n = {length}) FROM (
                SELECT current_status, hit, n FROM (
                    SELECT current_status, {hit} AS hit, row_number() OVER () AS n
                    FROM ({walk.sql}) AS job
                ) AS walked WHERE hit OR n = {length} LIMIT {COUNT_CAP + 1}
            ) AS job GROUP BY 1
        """
        return _capped(sql, [*params, *walk.params])

    @property
    def estimate(self) -> float:
        """No more jobs than about this match, whatever their status; unknown where no index helps."""
        return min(self._estimates[: len(self.criteria.conditions)])

    @property
    def condition(self) -> tuple[str, list[Any]]:
        """SQL: whether a job meets the criteria, its status apart."""
        if self.criteria.is_impossible:
            return "FALSE", []
        return all_of(self.criteria.conditions)

    @property
    def _conditions(self) -> list[Condition]:
        return [*self.criteria.conditions, *one_of(self.statuses)]

    @cached_property
    def _estimates(self) -> list[float]:
        """Of each condition, and of the statuses. One query."""
        return estimates(self._conditions)

    @property
    def _narrowest(self) -> tuple[Condition, float]:
        return min(zip(self._conditions, self._estimates, strict=True), key=itemgetter(1))

    @property
    def _time(self) -> str:
        """The narrower of the times that are asked for."""
        sizes = {
            condition.column: estimate
            for condition, estimate in zip(self.criteria.conditions, self._estimates, strict=False)
            if condition.column in {"created_at", "updated_at"}
        }
        return min(sizes, key=sizes.__getitem__, default="created_at")

    def _sorted(self, stretch: Stretch) -> Found[JobRow]:
        """Through the index of the narrowest condition: all its matches are read, the nearest are kept.

        A wider one must not be looked up beside it: to find which of fifty jobs are among three million others,
        the trigram index lists the three million.
        """
        narrowest, _ = self._narrowest
        found, others = _apart(self._conditions, narrowest)
        inner, inner_params = all_of(found)
        outer, outer_params = all_of(others)
        # OFFSET 0 keeps the sorting apart: without it the planner would walk the ordering after all.
        sql = f"""
            SELECT {JOB_ROW} FROM (SELECT * FROM job WHERE {inner} OFFSET 0) AS job
            WHERE {outer} AND {stretch.beyond_key} ORDER BY {stretch.order_by} LIMIT {stretch.size}
        """
        return Found(job_rows(sql, [*inner_params, *outer_params, *stretch.key]))

    def _walk(self, stretch: Stretch, patience: float) -> Found[JobRow]:
        """Step by step along the ordering, until the stretch is filled, the list ends, or patience does."""
        found: list[JobRow] = []
        looked, length, until = 0, FIRST, monotonic() + patience
        while True:
            wanted = replace(stretch, size=stretch.size - len(found))
            # Several ranges are read to be merged: together they are one step.
            step = length // max(len(self.statuses), 1)
            rows, last = self._step(wanted, step)
            found += rows
            looked += step
            if last is None or len(found) == stretch.size:
                return Found(found)
            key = stretch.ordering.key_of(last)
            if length == STEP and monotonic() >= until:
                return Found(found, stopped_at=key, looked_through=looked)
            stretch, length = replace(stretch, key=key), STEP

    def _step(self, stretch: Stretch, length: int) -> tuple[list[JobRow], JobRow | None]:
        """The matches among the next `length` rows, and the last of these where there may be more.

        Only what is sorted and searched by is read on the way: names sorted by name are the index alone.
        """
        field = stretch.ordering.columns[0].field
        beside = self.criteria.beside(field)
        hit, params = all_of(beside)
        sorted_by = [column.sql for column in stretch.ordering.columns]
        looked_at = [f"job.{condition.column}" for condition in beside]
        columns = {*sorted_by, *looked_at, *([STATUS.sql] if self.statuses else [])}
        walk = in_order(
            ", ".join(columns),
            self.statuses,
            replace(stretch, size=length),
            self.criteria.along(field),
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


def _apart(
    conditions: list[Condition], narrowest: Condition
) -> tuple[list[Condition], list[Condition]]:
    """What is looked up in indexes, and what is only looked at. Ranges of B-trees may be looked up together."""
    looked_up = [narrowest]
    if narrowest.column != "name_key":
        looked_up = [condition for condition in conditions if condition.column != "name_key"]
    return looked_up, [condition for condition in conditions if condition not in looked_up]


def _capped(sql: str, params: list[Any]) -> StatusCounts:
    """From rows of status, number, and whether counting stopped early."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    numbers = {status: number for status, number, _ in rows}
    counts = {status: numbers.get(status, 0) for status in StatusType}
    stopped = any(early for *_, early in rows) or sum(counts.values()) > COUNT_CAP
    return StatusCounts(counts, "at_least" if stopped else "exact")
