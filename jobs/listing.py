"""Reading the job list in its order: one index range for each status asked for, merged. No other work per row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.keyset import Column, Found, Ordering, Reader, Stretch
from jobs.querysets import JOB_ROW, JobRow
from jobs.statuses import StatusType

ID: Final = Column("job.id", "id")
STATUS: Final = Column("job.current_status", "current_status")
COLUMNS: Final = {
    "created_at": Column("job.created_at", "created_at", "%s::timestamptz"),
    "updated_at": Column("job.updated_at", "updated_at", "%s::timestamptz"),
    # the database lowers the cursor's name by the rules that lowered the key
    "name": Column("job.name_key", "name", 'lower(%s COLLATE "pg_c_utf8")'),
}
ORDERINGS: Final = {
    f"{sign}{name}": Ordering((column, ID), descending=bool(sign))
    for name, column in COLUMNS.items()
    for sign in ("", "-")
}
WHOLE: Final = "id, name, name_key, current_status, created_at, updated_at"


def in_statuses(statuses: Collection[StatusType]) -> Reader[JobRow]:
    """Reads the jobs in these statuses; all jobs where there are none. One query."""

    def read(stretch: Stretch) -> Found[JobRow]:
        rows = in_order(WHOLE, statuses, stretch)
        sql = f"SELECT {JOB_ROW} FROM ({rows.sql}) AS job ORDER BY {rows.order_by}"
        return Found(job_rows(sql, rows.params))

    return read


class Ordered(NamedTuple):
    """A subquery, and what it is ordered by."""

    sql: str
    params: list[Any]
    order_by: str


def in_order(columns: str, statuses: Collection[StatusType], stretch: Stretch) -> Ordered:
    """The stretch as rows of `columns`, which hold what it is sorted by; nearest first.

    Several statuses are a union of one range for each, of which no more is read than the stretch can hold:
    asked for all at once, PostgreSQL sorts all their jobs.
    """
    if not statuses:
        return _range("TRUE", columns, stretch)
    ranges = [_status_range(status, columns, stretch) for status in statuses]
    if len(ranges) == 1:
        return ranges[0]
    union = " UNION ALL ".join(f"({part.sql})" for part in ranges)
    sql = f"SELECT * FROM ({union}) AS job ORDER BY {stretch.order_by} LIMIT {stretch.size}"
    return Ordered(sql, [value for part in ranges for value in part.params], stretch.order_by)


def _status_range(status: StatusType, columns: str, stretch: Stretch) -> Ordered:
    # Sorted by the status too, and not told that it is only one, PostgreSQL has a single index to choose. Else it
    # would walk the one without statuses where most jobs are in this one, past a million that are not.
    ordering = replace(stretch.ordering, columns=(STATUS, *stretch.ordering.columns))
    key = (status.value, *stretch.key) if stretch.key else ()
    whole = replace(stretch, ordering=ordering, key=key)
    # The end that the key bounds has no other bound: the scan would begin there, and walk up to the key.
    ends = [">=", "<="] if not key else [">="] if whole.falls else ["<="]
    bounds = " AND ".join(f"job.current_status {end} %s" for end in ends)
    part = _range(bounds, columns, whole)
    return part._replace(params=[status.value] * len(ends) + part.params)


def _range(condition: str, columns: str, stretch: Stretch) -> Ordered:
    sql = (
        f"SELECT {columns} FROM job WHERE {condition} AND {stretch.beyond_key} "
        f"ORDER BY {stretch.order_by} LIMIT {stretch.size}"
    )
    return Ordered(sql, list(stretch.key), stretch.order_by)


def job_rows(sql: str, params: list[Any]) -> list[JobRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(map(JobRow._make, cursor.fetchall()))
