"""Reading and counting what a search finds, bounded whether its matches are common, rare or far away.

The planner believes that matches lie evenly along an index. Where they are all old, it walks the index of the
ordering through millions of rows to find them; told to use another index, it sorts millions of matches when they
are common. No estimate tells in time which of both it will be: what an index has to look at may be a hundred times what it
finds. So each way has its time, and hands over to the next. What few jobs are expected to match is found by its index, sorted, and counted
in the same pass. Otherwise a short walk along the ordering may find the page; then the matches are sorted, if that can be
done in time; then the walk goes on for a moment and says how far it came. What bounds the ordering's own
time is the range of its index, and no search at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import connection

from jobs import search_limits as limits
from jobs.criteria import Criteria, all_of, one_of
from jobs.keyset import Found, Stretch
from jobs.listing import ORDERINGS, WHOLE, in_order, in_statuses, job_rows
from jobs.prospects import Apart, Prospects
from jobs.querysets import COUNT_CAP, JOB_ROW, JobRow, StatusCounts
from jobs.statuses import StatusType
from jobs.timebox import OutOfTime, timebox
from jobs.walking import START, Walk, Walked

Way = Callable[[Stretch], Found[JobRow]]


@dataclass
class Learned:
    """What reading a search has shown, for counting it: that sorting takes too long, or all numbers."""

    is_slow: bool = False
    counts: StatusCounts | None = None


@dataclass(frozen=True)
class Search:
    """The jobs that meet the criteria, in any of the statuses; in all where there are none."""

    criteria: Criteria
    statuses: tuple[StatusType, ...] = ()
    learned: Learned = field(default_factory=Learned, compare=False)

    def read(self, stretch: Stretch) -> Found[JobRow]:
        """One query where the ordering's index answers all that is asked. Else up to four, or a walk."""
        if self.criteria.is_impossible:
            return Found([])
        column = stretch.ordering.columns[0].field
        if not self.criteria.beside(column):
            return in_statuses(self.statuses, self.criteria.along(column))(stretch)
        narrowest, at_most = self._prospects.narrowest
        begun = START
        if at_most <= (limits.FEW if narrowest.column == "name_key" else limits.FEW_IN_RANGE):
            way = self._sorted_and_counted if self._is_few else self._sorted
        elif len(self._prospects.names) > 1 or at_most <= limits.SORTABLE:
            begun = self._walk(stretch, START, patience=0)
            if begun.stopped_at is None:
                return begun.found
            way = self._where_names_meet if len(self._prospects.names) > 1 else self._sorted
        else:
            return self._walk(stretch, START, limits.PATIENCE).found
        found = self._in_time(way, stretch)
        return found or self._walk(stretch, begun, limits.PATIENCE_LEFT).found

    def counts(self) -> StatusCounts:
        """Matches per status, whichever are chosen: exact up to COUNT_CAP, past it lower bounds. One query at the most."""
        if self.criteria.is_impossible:
            return StatusCounts(dict.fromkeys(StatusType, 0))
        if self.learned.counts:
            return self.learned.counts
        if self.learned.is_slow or self.estimate > limits.SORTABLE:
            return replace(self, statuses=()).counts_nearby()
        try:
            with timebox(limits.COUNT_SECONDS):
                return self._counted()
        except OutOfTime:
            self.learned.is_slow = True
            return replace(self, statuses=()).counts_nearby()

    def _counted(self) -> StatusCounts:
        """The bitmap of all matches is made; of their rows only as many as counted are read."""
        prospects = self._prospects
        found, others = prospects.apart(self.criteria.conditions, prospects.narrowest_of_all)
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
        length = limits.COUNT_WALK // max(len(self.statuses), 1)
        newest = Stretch(
            ORDERINGS[f"-{self._prospects.narrower_time}"], (), backwards=False, size=length
        )
        beside = self.criteria.beside(self._prospects.narrower_time)
        hit, params = all_of(beside)
        columns = {
            "current_status",
            self._prospects.narrower_time,
            "id",
            *(part.column for part in beside),
        }
        walk = in_order(
            ", ".join(columns),
            self.statuses,
            newest,
            self.criteria.along(self._prospects.narrower_time),
        )
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
        return self._prospects.estimate

    @property
    def condition(self) -> tuple[str, list[Any]]:
        """SQL: whether a job meets the criteria, its status apart."""
        if self.criteria.is_impossible:
            return "FALSE", []
        return all_of(self.criteria.conditions)

    @cached_property
    def _prospects(self) -> Prospects:
        return Prospects(self.criteria, self.statuses)

    def _in_time(self, way: Way, stretch: Stretch) -> Found[JobRow] | None:
        """None where the matches cannot be found and sorted in time."""
        try:
            with timebox(limits.SORT_SECONDS):
                return way(stretch)
        except OutOfTime:
            self.learned.is_slow = True
            return None

    @property
    def _is_few(self) -> bool:
        """Whether all matches, whatever their status, are few enough to be counted as they are sorted."""
        narrowest, at_most = self._prospects.narrowest
        return at_most <= limits.FEW and narrowest in self.criteria.conditions

    def _sorted(self, stretch: Stretch) -> Found[JobRow]:
        """Through the index of the narrowest condition: all its matches are read, the nearest are kept.

        A wider one must not be looked up beside it: to find which of fifty jobs are among three million others,
        the trigram index lists the three million.
        """
        prospects = self._prospects
        narrowest, _ = prospects.narrowest
        found, others = prospects.apart(prospects.conditions, narrowest)
        inner, inner_params = all_of(found)
        outer, outer_params = all_of(others)
        # OFFSET 0 keeps the sorting apart: without it the planner would walk the ordering after all.
        sql = f"""
            SELECT {JOB_ROW} FROM (SELECT * FROM job WHERE {inner} OFFSET 0) AS job
            WHERE {outer} AND {stretch.beyond_key} ORDER BY {stretch.order_by} LIMIT {stretch.size}
        """
        return Found(job_rows(sql, [*inner_params, *outer_params, *stretch.key]))

    def _sorted_and_counted(self, stretch: Stretch) -> Found[JobRow]:
        """The same, and the number of all matches: the index is looked up once."""
        narrowest, _ = self._prospects.narrowest
        return self._found_by(self._prospects.apart(self.criteria.conditions, narrowest), stretch)

    def _where_names_meet(self, stretch: Stretch) -> Found[JobRow]:
        """All parts of the name are looked up at once: of two common words that hardly meet, the index itself finds those
        few names that hold both.
        """
        return self._found_by(self._prospects.met(), stretch)

    def _found_by(self, conditions: Apart, stretch: Stretch) -> Found[JobRow]:
        """What is looked up in indexes, and what is looked at. Notes the number of all matches."""
        found, others = conditions
        inner, inner_params = all_of(found)
        outer, outer_params = all_of(others)
        chosen, chosen_params = all_of(one_of(self.statuses))
        sql = f"""
            WITH found AS MATERIALIZED (SELECT * FROM job WHERE {inner}),
            job AS MATERIALIZED (SELECT {WHOLE} FROM found AS job WHERE {outer}),
            counts AS (
                SELECT coalesce(json_object_agg(current_status, n), '{{}}') AS counts
                FROM (SELECT current_status, count(*) AS n FROM job GROUP BY 1) AS numbers
            ),
            page AS (
                SELECT {JOB_ROW}, row_number() OVER (ORDER BY {stretch.order_by}) AS place FROM job
                WHERE {chosen} AND {stretch.beyond_key} ORDER BY {stretch.order_by} LIMIT {stretch.size}
            )
            SELECT counts.counts, page.* FROM counts LEFT JOIN page ON true ORDER BY place
        """
        params = [*inner_params, *outer_params, *chosen_params, *stretch.key]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows = cursor.fetchall()
        numbers = rows[0][0]
        counts = {status: numbers.get(status.value, 0) for status in StatusType}
        is_capped = sum(counts.values()) > COUNT_CAP
        self.learned.counts = StatusCounts(counts, "at_least" if is_capped else "exact")
        return Found([JobRow._make(row[1:-1]) for row in rows if row[1] is not None])

    def _walk(self, stretch: Stretch, begun: Walked, patience: float) -> Walked:
        return Walk(self.criteria, self.statuses).on(stretch, begun, patience)


def _capped(sql: str, params: list[Any]) -> StatusCounts:
    """From rows of status, number, and whether counting stopped early."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    numbers = {status: number for status, number, _ in rows}
    counts = {status: numbers.get(status, 0) for status in StatusType}
    stopped = any(early for *_, early in rows) or sum(counts.values()) > COUNT_CAP
    return StatusCounts(counts, "at_least" if stopped else "exact")
