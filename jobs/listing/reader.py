"""Reading the job list in order: one index range per status, merged, and nothing else to do per row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.listing.keyset import Batch, Ordering, Reader, SortColumn, Window
from jobs.rows import JOB_COLUMNS, JOB_ROW, JobRow
from jobs.statuses import StatusType
from jobs.time_range import ALL_TIME, TimeRange

ID: Final = SortColumn("job.id", "id")
STATUS: Final = SortColumn("job.current_status", "current_status")
SORT_COLUMNS: Final = {
    "created_at": SortColumn("job.created_at", "created_at", "%s::timestamptz"),
    "updated_at": SortColumn("job.updated_at", "updated_at", "%s::timestamptz"),
    # the database folds the name in the cursor by the same rules as the key
    "name": SortColumn("job.name_key", "name", "job_name_key(%s)"),
}
ORDERINGS: Final = {
    f"{sign}{name}": Ordering((column, ID), descending=bool(sign))
    for name, column in SORT_COLUMNS.items()
    for sign in ("", "-")
}
# The columns of a job, and those of the orderings that are not among them.
SORTABLE_JOB: Final = f"{JOB_COLUMNS}, job.name_key"


def job_reader(
    statuses: Collection[StatusType] | None, time_range: TimeRange = ALL_TIME
) -> Reader[JobRow]:
    """A reader of the jobs with one of the statuses; None means any status. One query.

    `time_range` bounds the time that the list is ordered by.
    """

    def read(window: Window) -> Batch[JobRow]:
        if statuses is not None and not statuses:
            return Batch([])
        rows = window_query(SORTABLE_JOB, statuses, window, time_range)
        sql = f"SELECT {JOB_ROW} FROM ({rows.sql}) AS job ORDER BY {rows.order_by}"
        return Batch(fetch_jobs(sql, rows.params))

    return read


class OrderedQuery(NamedTuple):
    """A subquery, and its order."""

    sql: str
    params: list[Any]
    order_by: str


def window_query(
    columns: str,
    statuses: Collection[StatusType] | None,
    window: Window,
    time_range: TimeRange = ALL_TIME,
) -> OrderedQuery:
    """The rows of the window, nearest first. `columns` must include the columns of its ordering.

    None as `statuses` is any status. Several statuses are a union of one range each, none of which reads more rows than
    the window holds: with a single condition for all of them, PostgreSQL sorts all their jobs. `time_range` bounds the
    time that the list is ordered by.
    """
    window = _without_passed_key(window, time_range)
    if statuses is None:
        return _range_query(columns, window, *_bounds(window, time_range))
    if not statuses:
        return OrderedQuery(f"SELECT {columns} FROM job WHERE FALSE", [], window.order_by)
    ranges = [_status_range(status, columns, window, time_range) for status in statuses]
    if len(ranges) == 1:
        return ranges[0]
    union = " UNION ALL ".join(f"({part.sql})" for part in ranges)
    sql = f"SELECT * FROM ({union}) AS job ORDER BY {window.order_by} LIMIT {window.size}"
    return OrderedQuery(sql, [value for part in ranges for value in part.params], window.order_by)


def range_count(statuses: Collection[StatusType] | None) -> int:
    """The number of index ranges that make up a list with these statuses: at least one, so that it can be divided by."""
    return 1 if statuses is None else max(1, len(statuses))


def _without_passed_key(window: Window, time_range: TimeRange) -> Window:
    """Drops a key that the start of the range has passed: a relative time moves on between two pages."""
    start = time_range.end if window.is_descending else time_range.start
    if window.key and start is not None:
        at = datetime.fromisoformat(window.key[0])
        if at >= start if window.is_descending else at < start:
            return replace(window, key=())
    return window


def _status_range(
    status: StatusType, columns: str, window: Window, time_range: TimeRange
) -> OrderedQuery:
    # Ordered by the status as well, and without an equality that makes it constant, only one index is applicable.
    # Otherwise PostgreSQL would walk the index without the status if most jobs have this one, past a million that do
    # not.
    ordering = replace(window.ordering, columns=(STATUS, *window.ordering.columns))
    key = (status.value, *window.key) if window.key else ()
    bounds, params = _bounds(window, time_range, status)
    return _range_query(columns, replace(window, ordering=ordering, key=key), bounds, params)


def _bounds(
    window: Window, time_range: TimeRange, status: StatusType | None = None
) -> tuple[list[str], list[Any]]:
    """The bounds of an index range, compared as whole keys like the key of the window."""
    column = window.ordering.columns[0].sql
    name, value = (column, "%s") if status is None else (f"({STATUS.sql}, {column})", "(%s, %s)")
    prefix = [] if status is None else [status.value]
    bounds, params = [], []
    for sign, end in ((">=", time_range.start), ("<", time_range.end)):
        if window.key and (sign == "<") == window.is_descending:
            continue  # the key is the bound on this side: the scan might start at another one and read up to the key
        if end is not None:
            bounds.append(f"{name} {sign} {value}")
            params += [*prefix, end]
        elif status is not None:
            bounds.append(f"{STATUS.sql} {sign[0]}= %s")
            params += prefix
    return bounds, params


def _range_query(
    columns: str, window: Window, bounds: list[str], params: list[Any]
) -> OrderedQuery:
    conditions = " AND ".join([window.beyond_key, *bounds])
    sql = (
        f"SELECT {columns} FROM job WHERE {conditions} "
        f"ORDER BY {window.order_by} LIMIT {window.size}"
    )
    return OrderedQuery(sql, [*window.key, *params], window.order_by)


def fetch_jobs(sql: str, params: list[Any]) -> list[JobRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(map(JobRow._make, cursor.fetchall()))
