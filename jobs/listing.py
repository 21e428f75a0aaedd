"""Reading the job list in its order: one index range for each status asked for, merged. No other work per row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.keyset import Column, Found, Ordering, Reader, Stretch
from jobs.querysets import JOB_ROW, JobRow
from jobs.statuses import StatusType
from jobs.when import ALWAYS, Span

ID: Final = Column("job.id", "id")
STATUS: Final = Column("job.current_status", "current_status")
COLUMNS: Final = {
    "created_at": Column("job.created_at", "created_at", "%s::timestamptz"),
    "updated_at": Column("job.updated_at", "updated_at", "%s::timestamptz"),
    # the database folds the cursor's name by the rules that folded the key
    "name": Column("job.name_key", "name", "job_name_key(%s)"),
}
ORDERINGS: Final = {
    f"{sign}{name}": Ordering((column, ID), descending=bool(sign))
    for name, column in COLUMNS.items()
    for sign in ("", "-")
}
WHOLE: Final = "id, name, name_key, current_status, created_at, updated_at"


def in_statuses(statuses: Collection[StatusType], within: Span = ALWAYS) -> Reader[JobRow]:
    """Reads the jobs in these statuses, all jobs where there are none, `within` the ordering's time. One query."""

    def read(stretch: Stretch) -> Found[JobRow]:
        rows = in_order(WHOLE, statuses, stretch, within)
        sql = f"SELECT {JOB_ROW} FROM ({rows.sql}) AS job ORDER BY {rows.order_by}"
        return Found(job_rows(sql, rows.params))

    return read


class Ordered(NamedTuple):
    """A subquery, and what it is ordered by."""

    sql: str
    params: list[Any]
    order_by: str


def in_order(
    columns: str, statuses: Collection[StatusType], stretch: Stretch, within: Span = ALWAYS
) -> Ordered:
    """The stretch as rows of `columns`, which hold what it is sorted by; nearest first.

    Several statuses are a union of one range for each, of which no more is read than the stretch can hold:
    asked for all at once, PostgreSQL sorts all their jobs. `within` bounds the time that is sorted by.
    """
    stretch = _begun_within(stretch, within)
    if not statuses:
        return _range(columns, stretch, *_ends(stretch, within))
    ranges = [_status_range(status, columns, stretch, within) for status in statuses]
    if len(ranges) == 1:
        return ranges[0]
    union = " UNION ALL ".join(f"({part.sql})" for part in ranges)
    sql = f"SELECT * FROM ({union}) AS job ORDER BY {stretch.order_by} LIMIT {stretch.size}"
    return Ordered(sql, [value for part in ranges for value in part.params], stretch.order_by)


def _begun_within(stretch: Stretch, within: Span) -> Stretch:
    """Without its key where the span begins beyond it: what is younger than an hour moves on between two pages."""
    start = within.end if stretch.falls else within.start
    if stretch.key and start is not None:
        at = datetime.fromisoformat(stretch.key[0])
        if at >= start if stretch.falls else at < start:
            return replace(stretch, key=())
    return stretch


def _status_range(status: StatusType, columns: str, stretch: Stretch, within: Span) -> Ordered:
    # Sorted by the status too, and not told that it is only one, PostgreSQL has a single index to choose. Else it
    # would walk the one without statuses where most jobs are in this one, past a million that are not.
    ordering = replace(stretch.ordering, columns=(STATUS, *stretch.ordering.columns))
    key = (status.value, *stretch.key) if stretch.key else ()
    ends, params = _ends(stretch, within, status)
    return _range(columns, replace(stretch, ordering=ordering, key=key), ends, params)


def _ends(
    stretch: Stretch, within: Span, status: StatusType | None = None
) -> tuple[list[str], list[Any]]:
    """Where an index range begins and ends: compared as whole keys, like the stretch's own."""
    column = stretch.ordering.columns[0].sql
    name, value = (column, "%s") if status is None else (f"({STATUS.sql}, {column})", "(%s, %s)")
    prefix = [] if status is None else [status.value]
    ends, params = [], []
    for sign, end in ((">=", within.start), ("<", within.end)):
        if stretch.key and (sign == "<") == stretch.falls:
            continue  # the key bounds this end: with another bound, the scan would begin there and walk up to it
        if end is not None:
            ends.append(f"{name} {sign} {value}")
            params += [*prefix, end]
        elif status is not None:
            ends.append(f"{STATUS.sql} {sign[0]}= %s")
            params += prefix
    return ends, params


def _range(columns: str, stretch: Stretch, ends: list[str], params: list[Any]) -> Ordered:
    conditions = " AND ".join([stretch.beyond_key, *ends])
    sql = (
        f"SELECT {columns} FROM job WHERE {conditions} "
        f"ORDER BY {stretch.order_by} LIMIT {stretch.size}"
    )
    return Ordered(sql, [*stretch.key, *params], stretch.order_by)


def job_rows(sql: str, params: list[Any]) -> list[JobRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(map(JobRow._make, cursor.fetchall()))
