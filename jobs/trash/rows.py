"""The jobs in the trash: reads."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import connection

from jobs.actors import username_sql
from jobs.listing.keyset import Batch, Ordering, Page, SortColumn, Window
from jobs.listing.paging import Paging
from jobs.querysets import COUNT_CAP, Count
from jobs.rows import NAMES, JobRow, row_sql, utc_text_sql

# What was deleted by one request has one deleted_at.
ORDERING: Final = Ordering(
    (
        SortColumn("trashed_job.deleted_at", "deleted_at", "%s::timestamptz"),
        SortColumn("trashed_job.id", "id"),
    ),
    descending=True,
)
# From then on an entry may be emptied at any time; until it is, it can be restored.
EXPIRES_AT: Final = "trashed_job.deleted_at + %s * interval '24 hours'"
TRASHED_JOB: Final = f"""
SELECT {row_sql("trashed_job")}, {utc_text_sql("trashed_job.deleted_at")}, {utc_text_sql(f"({EXPIRES_AT})")},
    (SELECT job.id FROM job WHERE job.key = trashed_job.key), {username_sql("trashed_job.actor")}, trashed_job.operation_id,
    (SELECT operation.source FROM operation WHERE operation.id = trashed_job.operation_id)
FROM trashed_job
"""


class TrashedJob(NamedTuple):
    """A job as it was when it was deleted. Timestamps are text, as those of a JobRow.

    While another job, `holder`, has its key, it cannot be restored. `actor` is the name of the user who deleted it; None in open
    mode, and for what the dashboard does by itself. `source` is that of the operation that did it, if one did.
    """

    job: JobRow
    deleted_at: str
    expires_at: str
    holder: int | None
    actor: str | None
    operation_id: int | None
    source: str | None

    @property
    def id(self) -> int:
        return self.job.id


def trash_page(paging: Paging) -> Page[TrashedJob]:
    """The newest deletions first. One query. Raises InvalidQuery if the cursor belongs to another list."""

    def read(window: Window) -> Batch[TrashedJob]:
        sql = f"{TRASHED_JOB} WHERE {window.beyond_key} ORDER BY {window.order_by} LIMIT {window.size}"
        return Batch(_fetch(sql, *window.key))

    return paging.paginate(read, ORDERING, "trash")


def trashed_job(job_id: int) -> TrashedJob | None:
    """The job, or None if it is not in the trash."""
    return next(iter(_fetch(f"{TRASHED_JOB} WHERE trashed_job.id = %s", job_id)), None)


def trash_count() -> Count:
    """The number of jobs in the trash, counted up to COUNT_CAP."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT FROM trashed_job LIMIT {COUNT_CAP + 1}) AS counted"
        )
        [number] = cursor.fetchone()
    return Count(number) if number <= COUNT_CAP else Count(COUNT_CAP, "at_least")


def _fetch(sql: str, *params: Any) -> list[TrashedJob]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [settings.TRASH_DAYS, *params])
        width = len(NAMES)
        return [TrashedJob(JobRow._make(row[:width]), *row[width:]) for row in cursor.fetchall()]
