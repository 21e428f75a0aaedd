"""Live updates: the current state of the jobs that a page shows, polled with one query for any number of jobs.

ShownJobs are the ids that a page shows and the list that they belong to. Their state is encoded as text, which is the
entity tag of the response: a page that already shows this state gets 304.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.job_list import JobList
from jobs.listing.keyset import Key, Window
from jobs.listing.reader import ORDERINGS, window_query
from jobs.querysets import StatusCounts
from jobs.rows import JOB_ROW, JobRow
from jobs.statuses import StatusType

# Minute, second and microsecond of the last change: two changes of a job with the same version are at least an hour
# apart.
SHORT_VERSION: Final = "to_char(updated_at AT TIME ZONE 'UTC', 'MISSUS')"
MAX_NEW: Final = 100
# A search finds new jobs among this many of the newest ones.
NEWEST_SCANNED: Final = 300
NEWEST_FIRST: Final = ("-created_at", "-updated_at")


class ChangedRow(NamedTuple):
    """A job in view with its current values, and whether it still belongs to its list."""

    job: JobRow
    matches_status: bool
    matches_search: bool


@dataclass(frozen=True)
class State:
    """The state of ShownJobs: a version for each of them, "" for a deleted one; the counts; the number of new jobs.

    `counts` is None if counting the list is expensive, `new` if new jobs do not appear among them.
    """

    versions: tuple[str, ...]
    counts: StatusCounts | None = None
    new: int | None = None

    @property
    def summary(self) -> str:
        counts = self.counts.by_status.values() if self.counts else ()
        return f"{','.join(map(str, counts))};{'' if self.new is None else self.new}"

    @property
    def tag(self) -> str:
        """The entity tag. It starts with the versions, which the browser can build from its own rows."""
        return f'"{".".join(self.versions)};{self.summary}"'


@dataclass(frozen=True)
class ShownJobs:
    """The jobs that a page shows, in order, and their list, which is None on a job's own page.

    `anchor_key` is the key of the last row, above which new jobs appear; () if the end of the list is in view as well;
    None if new jobs do not appear among them: it is not the first page, or the list is not sorted by newest first.
    """

    ids: tuple[int, ...]
    job_list: JobList | None = None
    anchor_key: Key | None = None

    def state(self) -> State:
        """The current state, by one query."""
        parts = [
            f"SELECT string_agg(id || ':' || {SHORT_VERSION}, ' ') FROM job WHERE id = ANY(%s::bigint[])"
        ]
        params: list[Any] = [self._ids_sql]
        counts_sql = "SELECT string_agg(status || ':' || n, ' ') FROM job_counts"
        parts.append(counts_sql if self._counts_are_cheap else "NULL")
        if self.anchor_key is None:
            parts.append("NULL")
        else:
            new, new_params = self._new_jobs()
            parts.append(f"SELECT count(*) FROM ({new}) AS new")
            params += new_params
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(f'({part})' for part in parts)}", params)
            [(versions, counts, new_count)] = cursor.fetchall()
        version = _pairs(versions)
        return State(
            tuple(version.get(str(job_id), "") for job_id in self.ids),
            _counts(counts) if self._counts_are_cheap else None,
            new_count,
        )

    def changes(self, ids: Sequence[int]) -> list[ChangedRow]:
        """These jobs with their current values, in the order of `ids`, without deleted ones. One query."""
        if not ids:
            return []
        condition, params = (self.job_list and self.job_list.condition) or ("TRUE", [])
        sql = f"SELECT {JOB_ROW}, {condition} FROM job WHERE id = ANY(%s)"
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, list(ids)])
            rows = cursor.fetchall()
        statuses = tuple(StatusType)
        if self.job_list:
            statuses = self.job_list.job_filter.selected_statuses
        found = {}
        for *row, matches_search in rows:
            job = JobRow._make(row)
            matches_status = job.current_status in statuses
            found[job.id] = ChangedRow(job, matches_status, matches_search)
        return [found[job_id] for job_id in ids if job_id in found]

    @property
    def _ids_sql(self) -> str:
        """A PostgreSQL array literal: adapting a list would check each number for quotes."""
        return f"{{{','.join(map(str, self.ids))}}}"

    @property
    def _counts_are_cheap(self) -> bool:
        return self.job_list is not None and self.job_list.condition is None

    def _new_jobs(self) -> tuple[str, list[Any]]:
        """A query for the ids of jobs above the last row that are not in view, at most MAX_NEW."""
        assert self.job_list is not None
        assert self.anchor_key is not None
        job_filter = self.job_list.job_filter
        ordering, statuses = ORDERINGS[job_filter.ordering], job_filter.selected_statuses
        columns = ", ".join(column.sql for column in ordering.columns)
        unseen = f"id <> ALL(%s::bigint[]) LIMIT {MAX_NEW}"
        ids_sql = self._ids_sql
        if self.job_list.condition is None:
            window = Window(ordering, self.anchor_key, True, len(self.ids) + MAX_NEW)
            above = window_query(columns, statuses, window)
            return f"SELECT id FROM ({above.sql}) AS job WHERE {unseen}", [*above.params, ids_sql]
        # Reading upwards from the last row might pass millions of jobs that do not match; the newest ones are few.
        newest = window_query("*", statuses, Window(ordering, (), False, NEWEST_SCANNED))
        above_anchor = Window(ordering, self.anchor_key, True, 0).beyond_key
        condition, params = self.job_list.condition
        sql = f"SELECT id FROM ({newest.sql}) AS job WHERE {above_anchor} AND {condition} AND {unseen}"
        return sql, [*newest.params, *self.anchor_key, *params, ids_sql]


def _counts(text: str | None) -> StatusCounts:
    numbers = _pairs(text)
    return StatusCounts({status: int(numbers.get(status.value, 0)) for status in StatusType})


def _pairs(text: str | None) -> dict[str, str]:
    """Parses `a:1 b:2`."""
    return dict(pair.split(":") for pair in text.split(" ")) if text else {}
