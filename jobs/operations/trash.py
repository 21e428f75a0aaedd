"""The deleted jobs that an operation restores: those with the given ids, or the whole trash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from jobs.operations.selection import SAMPLE
from jobs.querysets import COUNT_CAP, Count, StatusCounts
from jobs.rows import JobRow, row_sql
from jobs.statuses import StatusType

CHOSEN: Final = """
FROM trashed_job
WHERE (%(ids)s::bigint[] IS NULL OR id = ANY (%(ids)s)) AND id <> ALL (%(excluded)s::bigint[])
"""
COUNTS: Final = f"""
SELECT current_status, count(*) FROM (SELECT current_status {CHOSEN} LIMIT {COUNT_CAP + 1}) AS counted GROUP BY 1
"""
# By ids they are few. All of the trash is read in the order of an index.
NEWEST: Final = (
    f"SELECT {row_sql('trashed_job')} {CHOSEN} ORDER BY deleted_at DESC, id DESC LIMIT {SAMPLE}"
)
OF_OPERATION: Final = "SELECT EXISTS (SELECT FROM trashed_job WHERE operation_id = %s)"


def counts_in_trash(ids: Sequence[int] | None, excluded: Sequence[int] = ()) -> StatusCounts:
    """The number of jobs by the status that they had, counted up to COUNT_CAP."""
    found = dict(_fetch(COUNTS, ids, excluded))
    by_status = {status: found.get(status.value, 0) for status in StatusType}
    is_capped = sum(by_status.values()) > COUNT_CAP
    return StatusCounts(by_status, "at_least" if is_capped else "exact")


def count_in_trash(ids: Sequence[int] | None, excluded: Sequence[int] = ()) -> Count:
    return counts_in_trash(ids, excluded).total()


def sample_of_trash(ids: Sequence[int] | None, excluded: Sequence[int] = ()) -> list[JobRow]:
    """A few of the jobs, as they were when they were deleted; the newest deletions first."""
    return list(map(JobRow._make, _fetch(NEWEST, ids, excluded)))


def is_in_trash(operation_id: int) -> bool:
    """Whether jobs that the operation has deleted are still there."""
    with connection.cursor() as cursor:
        cursor.execute(OF_OPERATION, [operation_id])
        [found] = cursor.fetchone() or [False]
    return bool(found)


def last_in_trash() -> int:
    """The highest id; 0 if the trash is empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM trashed_job")
        [last] = cursor.fetchone() or [0]
    return int(last)


def _fetch(sql: str, ids: Sequence[int] | None, excluded: Sequence[int]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"ids": None if ids is None else list(ids), "excluded": list(excluded)})
        rows: list[Any] = cursor.fetchall()
    return rows
