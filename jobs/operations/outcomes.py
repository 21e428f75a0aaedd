"""The jobs of an operation, with their names: those that it has changed, and those that it has not."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.db import connection

from jobs.listing.keyset import Batch, Ordering, Page, SortColumn, Window
from jobs.listing.paging import Paging
from jobs.operations.rows import Action, OperationRow


class Outcome(NamedTuple):
    """A job of an operation. `name` is empty if the job is gone for good; `detail` says why it was not changed.

    `holder` is the job that has its key, while that keeps it in the trash.
    """

    job_id: int
    name: str
    detail: str = ""
    holder: int | None = None


FAILED: Final = """
SELECT each.job_id, coalesce(job.name, trashed.name, ''), each.detail, holder.id
FROM operation_failure AS each
LEFT JOIN job ON job.id = each.job_id
LEFT JOIN trashed_job AS trashed ON trashed.id = each.job_id
LEFT JOIN job AS holder ON each.code = 'key_taken' AND holder.key = trashed.key
"""
OF_ENTRIES: Final = (
    "SELECT each.job_id, job.name FROM job_status AS each JOIN job ON job.id = each.job_id"
)
OF_VALUES: Final = (
    "SELECT each.job_id, job.name FROM operation_before AS each JOIN job ON job.id = each.job_id"
)
OF_TRASH: Final = "SELECT each.job_id, each.name FROM (SELECT id AS job_id, name, operation_id FROM trashed_job) AS each"
# By what has changed them. Nothing says which jobs an operation has restored.
CHANGED: Final = {
    Action.SET_STATUS: OF_ENTRIES,
    Action.LABEL: OF_VALUES,
    Action.RENAME: OF_VALUES,
    Action.DELETE: OF_TRASH,
}
UNDONE: Final = {action: sql for action, sql in CHANGED.items() if action != Action.DELETE}
BY_JOB: Final = Ordering((SortColumn("each.job_id", "job_id"),))


def failed_page(operation: OperationRow, paging: Paging) -> Page[Outcome]:
    """Those that it could not change, or that an undo left alone, by id.

    One query. Raises InvalidQuery if the cursor belongs to another list.
    """
    return _page(operation, paging, FAILED, "failed")


def changed_page(operation: OperationRow, paging: Paging) -> Page[Outcome] | None:
    """Those that exist, or after a deletion those in the trash, by id; None if that is not known. As failed_page."""
    if operation.action == Action.UNDO:
        sql = UNDONE.get(operation.parameters["undone"])
    else:
        sql = CHANGED.get(Action(operation.action))
    return _page(operation, paging, sql, "changed") if sql else None


def _page(operation: OperationRow, paging: Paging, sql: str, kind: str) -> Page[Outcome]:
    def read(window: Window) -> Batch[Outcome]:
        page = f"{sql} WHERE each.operation_id = %s AND {window.beyond_key} ORDER BY {window.order_by} LIMIT {window.size}"
        with connection.cursor() as cursor:
            cursor.execute(page, [operation.id, *window.key])
            return Batch([Outcome(*row) for row in cursor.fetchall()])

    return paging.paginate(read, BY_JOB, f"{kind} {operation.id}")
