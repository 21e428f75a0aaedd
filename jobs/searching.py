"""Reading and counting what a search finds, bounded whether its matches are common, rare or far away.

The planner believes that matches lie evenly along an index. Where they are all old, it walks the index of the
ordering through millions of rows to find them; told to use the trigram index, it sorts millions of matches when
the term is common. So the estimated number of matches decides. Few are found by trigram and sorted. Otherwise a
walk along the ordering finds the page; where that does not fill it soon, the trigram index answers if its
matches can be sorted in time, and else the walk goes on for a moment and says how far it came.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from time import monotonic
from typing import Any, Final

from django.db import connection

from jobs.keyset import Found, Reader, Stretch
from jobs.listing import ID, ORDERINGS, STATUS, in_order, job_rows
from jobs.querysets import COUNT_CAP, JOB_ROW, JobRow, StatusCounts
from jobs.statuses import StatusType

MATCHES: Final = 'name_key LIKE lower(%s COLLATE "pg_c_utf8")'
TRIGRAM: Final = re.compile(r"[^\W_]{3}")
# So few matches are read and sorted in the time of a short walk.
FEW: Final = 5_000
# So many are still sorted in a third of a second.
SORTABLE: Final = 250_000
# Rows of one step of the walk. A term in one name of four hundred fills a page of fifty within it. The first step
# is a twentieth: common terms fill it, and where several statuses are merged all of a step is read.
STEP: Final = 20_000
FIRST: Final = 1_000
# Seconds after which the walk takes no further step.
PATIENCE: Final = 0.2
# Rows that are looked through for a count, where the matches themselves are too many to count.
COUNT_WALK: Final = 40_000
UNKNOWN: Final = float("inf")


@dataclass(frozen=True)
class Search:
    """The jobs whose name contains the term, whatever the case."""

    term: str

    def in_statuses(self, statuses: Collection[StatusType]) -> Reader[JobRow]:
        """Reads the matches in these statuses, in all where there are none. Up to four queries, or a walk."""

        def read(stretch: Stretch) -> Found[JobRow]:
            if self.estimate <= FEW:
                return self._sorted(statuses, stretch)
            sortable = self.estimate <= SORTABLE
            found = self._walk(statuses, stretch, patience=0 if sortable else PATIENCE)
            if sortable and found.stopped_at is not None:
                return self._sorted(statuses, stretch)
            return found

        return read

    def counts(self) -> StatusCounts:
        """Matches per status: exact up to COUNT_CAP of them, past it lower bounds. One query."""
        if self.estimate > SORTABLE:
            return self.counts_nearby(())
        # The bitmap of all matches is made; of their rows only as many as counted are read.
        sql = f"""
            WITH matches AS MATERIALIZED (SELECT current_status FROM job WHERE {MATCHES})
            SELECT current_status, count(*), FALSE FROM (
                SELECT * FROM matches LIMIT {COUNT_CAP + 1}
            ) AS job GROUP BY 1
        """
        return _capped(sql, [self._pattern])

    def counts_nearby(self, statuses: Collection[StatusType]) -> StatusCounts:
        """Matches among the newest jobs in these statuses: exact where those are all. One query."""
        length = COUNT_WALK // max(len(statuses), 1)
        newest = Stretch(ORDERINGS["-created_at"], (), backwards=False, size=length)
        walk = in_order("current_status, name_key, created_at, id", statuses, newest)
        sql = f"""
            SELECT current_status, count(*) FILTER (WHERE hit), bool_or(n = {length}) FROM (
                SELECT current_status, hit, n FROM (
                    SELECT current_status, {MATCHES} AS hit, row_number() OVER () AS n
                    FROM ({walk.sql}) AS job
                ) AS walked WHERE hit OR n = {length} LIMIT {COUNT_CAP + 1}
            ) AS job GROUP BY 1
        """
        return _capped(sql, [self._pattern, *walk.params])

    @cached_property
    def estimate(self) -> float:
        """About how many jobs match, from the planner's statistics; unknown without a trigram. One query."""
        if not self.has_trigram:
            return UNKNOWN
        with connection.cursor() as cursor:
            cursor.execute(
                f"EXPLAIN (FORMAT json) SELECT FROM job WHERE {MATCHES}", [self._pattern]
            )
            [[[plan]]] = cursor.fetchall()
        rows: int = plan["Plan"]["Plan Rows"]
        return rows

    @property
    def has_trigram(self) -> bool:
        """Whether three letters or digits stand in a row: else the trigram index tells no name from another."""
        return TRIGRAM.search(self.term) is not None

    @property
    def condition(self) -> tuple[str, list[Any]]:
        """SQL: whether a job matches."""
        return MATCHES, [self._pattern]

    def _sorted(self, statuses: Collection[StatusType], stretch: Stretch) -> Found[JobRow]:
        """Through the trigram index: all matches beyond the key are read, the nearest are kept."""
        # The condition is left out where it always holds: it would be a third of the work.
        chosen = "current_status = ANY(%s)" if statuses else "TRUE"
        params: list[Any] = [[status.value for status in statuses]] if statuses else []
        # OFFSET 0 keeps the sorting apart: without it the planner would walk the ordering after all.
        sql = f"""
            SELECT {JOB_ROW} FROM (
                SELECT * FROM job
                WHERE {chosen} AND {MATCHES} AND {stretch.beyond_key} OFFSET 0
            ) AS job ORDER BY {stretch.order_by} LIMIT {stretch.size}
        """
        return Found(job_rows(sql, [*params, self._pattern, *stretch.key]))

    def _walk(
        self, statuses: Collection[StatusType], stretch: Stretch, patience: float
    ) -> Found[JobRow]:
        """Step by step along the ordering, until the stretch is filled, the list ends, or patience does."""
        found: list[JobRow] = []
        looked, length, until = 0, FIRST, monotonic() + patience
        while True:
            wanted = replace(stretch, size=stretch.size - len(found))
            # Several ranges are read to be merged: together they are one step.
            step = length // max(len(statuses), 1)
            rows, last = self._step(statuses, wanted, step)
            found += rows
            looked += step
            if last is None or len(found) == stretch.size:
                return Found(found)
            key = stretch.ordering.key_of(last)
            if length == STEP and monotonic() >= until:
                return Found(found, stopped_at=key, looked_through=looked)
            stretch, length = replace(stretch, key=key), STEP

    def _step(
        self, statuses: Collection[StatusType], stretch: Stretch, length: int
    ) -> tuple[list[JobRow], JobRow | None]:
        """The matches among the next `length` rows, and the last of these where there may be more.

        Only what is sorted and searched by is read on the way: sorted by name, that is the index alone.
        """
        sorted_by = [column.sql for column in stretch.ordering.columns]
        columns = {"job.name_key", *sorted_by, *([STATUS.sql] if statuses else [])}
        walk = in_order(", ".join(columns), statuses, replace(stretch, size=length))
        sql = f"""
            SELECT {JOB_ROW}, walked.hit, walked.n FROM (
                SELECT id, hit, n FROM (
                    SELECT job.*, {MATCHES} AS hit, row_number() OVER () AS n
                    FROM ({walk.sql}) AS job ORDER BY {walk.order_by}
                ) AS walked WHERE hit OR n = {length} LIMIT {stretch.size}
            ) AS walked JOIN job ON {ID.sql} = walked.id ORDER BY walked.n
        """
        with connection.cursor() as cursor:
            cursor.execute(sql, [self._pattern, *walk.params])
            rows = [(JobRow._make(row), hit, n) for *row, hit, n in cursor.fetchall()]
        last = rows[-1][0] if rows and rows[-1][2] == length else None
        return [row for row, hit, _ in rows if hit], last

    @property
    def _pattern(self) -> str:
        escaped = self.term.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        return f"%{escaped}%"


def _capped(sql: str, params: list[Any]) -> StatusCounts:
    """From rows of status, number, and whether counting stopped early."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    numbers = {status: number for status, number, _ in rows}
    counts = {status: numbers.get(status, 0) for status in StatusType}
    stopped = any(early for *_, early in rows) or sum(counts.values()) > COUNT_CAP
    return StatusCounts(counts, "at_least" if stopped else "exact")
