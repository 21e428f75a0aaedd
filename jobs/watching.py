"""What can change on a screen that shows jobs, asked again and again: one query, whatever the number of jobs.

A screen is the ids it shows and the list they came from. Its state is text: it is the entity tag of what a screen
should show, and a browser that shows the same gets 304.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.filters import JobFilter
from jobs.keyset import Key, Stretch
from jobs.listing import ORDERINGS, in_order
from jobs.querysets import JOB_ROW, JobRow, StatusCounts
from jobs.statuses import StatusType

# Minute, second and microsecond of the last change: two changes of one job that agree in it are an hour apart.
VERSION: Final = "to_char(updated_at AT TIME ZONE 'UTC', 'MISSUS')"
MOST_NEW: Final = 100
# So many of the newest jobs are looked through for what a search finds among them.
NEWEST: Final = 300
NEWEST_FIRST: Final = ("-created_at", "-updated_at")


class Change(NamedTuple):
    """A job on the screen as it is now, and whether its list would still show it."""

    job: JobRow
    matches_status: bool
    matches_search: bool


@dataclass(frozen=True)
class State:
    """What a screen should show: a version for each of its jobs, "" for a deleted one; and what stands around them.

    `counts` is None where the list has none that come cheap, `new` where it has no place for new jobs.
    """

    versions: tuple[str, ...]
    counts: StatusCounts | None = None
    new: int | None = None

    @property
    def surroundings(self) -> str:
        counts = self.counts.by_status.values() if self.counts else ()
        return f"{','.join(map(str, counts))};{'' if self.new is None else self.new}"

    @property
    def tag(self) -> str:
        """Starts with what the browser can read off its own rows."""
        return f'"{".".join(self.versions)};{self.surroundings}"'


@dataclass(frozen=True)
class Screen:
    """The jobs in view, in their order, and their list: None on a job's own page.

    `beyond` is the key of the last row where the list begins on this screen and its newest jobs come first: what
    is new belongs above it. () where even the list's end is in view, None where new jobs do not belong here.
    """

    ids: tuple[int, ...]
    job_filter: JobFilter | None = None
    beyond: Key | None = None

    def state(self) -> State:
        """One query."""
        parts = [
            f"SELECT string_agg(id || ':' || {VERSION}, ' ') FROM job WHERE id = ANY(%s::bigint[])"
        ]
        params: list[Any] = [self._ids_sql]
        counted = "SELECT string_agg(status || ':' || n, ' ') FROM job_counts"
        parts.append(counted if self._counts_come_cheap else "NULL")
        if self.beyond is None:
            parts.append("NULL")
        else:
            new, new_params = self._new()
            parts.append(f"SELECT count(*) FROM ({new}) AS new")
            params += new_params
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(f'({part})' for part in parts)}", params)
            [(versions, counts, fresh)] = cursor.fetchall()
        version = _pairs(versions)
        return State(
            tuple(version.get(str(job_id), "") for job_id in self.ids),
            _counts(counts) if self._counts_come_cheap else None,
            fresh,
        )

    def changes(self, ids: Sequence[int]) -> list[Change]:
        """These jobs as they are now, in the screen's order, without the deleted ones. One query."""
        if not ids:
            return []
        condition, params = (self.job_filter and self.job_filter.condition) or ("TRUE", [])
        sql = f"SELECT {JOB_ROW}, {condition} FROM job WHERE id = ANY(%s)"
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, list(ids)])
            rows = cursor.fetchall()
        statuses = self.job_filter.chosen if self.job_filter else tuple(StatusType)
        found = {}
        for *row, matches_search in rows:
            job = JobRow._make(row)
            matches_status = job.current_status in statuses
            found[job.id] = Change(job, matches_status, matches_search)
        return [found[job_id] for job_id in ids if job_id in found]

    @property
    def _ids_sql(self) -> str:
        """An array as PostgreSQL reads it: a list costs a search for quotes in each of its numbers."""
        return f"{{{','.join(map(str, self.ids))}}}"

    @property
    def _counts_come_cheap(self) -> bool:
        return self.job_filter is not None and self.job_filter.condition is None

    def _new(self) -> tuple[str, list[Any]]:
        """The ids of jobs that belong above the last row and are not in view, MOST_NEW at the most."""
        assert self.job_filter is not None
        assert self.beyond is not None
        ordering = ORDERINGS[self.job_filter.ordering]
        statuses = self.job_filter.chosen
        columns = ", ".join(column.sql for column in ordering.columns)
        unseen = f"id <> ALL(%s::bigint[]) LIMIT {MOST_NEW}"
        ids = self._ids_sql
        if self.job_filter.condition is None:
            upwards = Stretch(ordering, self.beyond, True, len(ids) + MOST_NEW)
            above = in_order(columns, statuses, upwards)
            return f"SELECT id FROM ({above.sql}) AS job WHERE {unseen}", [*above.params, ids]
        # Upwards from the last row there may be millions that do not match: from the newest down there are few.
        newest = in_order("*", statuses, Stretch(ordering, (), False, NEWEST))
        above_last = Stretch(ordering, self.beyond, True, 0).beyond_key
        condition, params = self.job_filter.condition
        sql = (
            f"SELECT id FROM ({newest.sql}) AS job WHERE {above_last} AND {condition} AND {unseen}"
        )
        return sql, [*newest.params, *self.beyond, *params, ids]


def _counts(text: str | None) -> StatusCounts:
    numbers = _pairs(text)
    return StatusCounts({status: int(numbers.get(status.value, 0)) for status in StatusType})


def _pairs(text: str | None) -> dict[str, str]:
    """`a:1 b:2`, read."""
    return dict(pair.split(":") for pair in text.split(" ")) if text else {}
