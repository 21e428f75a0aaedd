"""Bulk changes: many jobs changed by one statement, with an outcome for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from django.db import connection

from jobs.changes.versions import is_truncated_sql
from jobs.rows import JOB_COLUMNS, JOB_ROW, WRITABLE, JobRow
from jobs.sources import Source
from jobs.statuses import StatusType

MAX_BULK_JOBS: Final = 1_000

# Why a bulk request left a job as it is; empty if it did not.
Refusal = Literal["", "job_not_found", "job_changed", "updated_at_truncated", "nothing_to_undo"]

# Rows are locked in id order before any is changed, so bulk changes of the same jobs cannot deadlock. The update then
# sees each row as it was locked.
CHANGE = f"""
WITH wanted AS (
    SELECT * FROM unnest(
        %(ids)s::bigint[], %(statuses)s::text[], %(expected)s::timestamptz[], %(reasons)s::text[], %(occurred)s::timestamptz[],
        {", ".join(f"%({name})s::text[]" for name in WRITABLE)}
    ) WITH ORDINALITY AS wanted (id, status, expected, reason, occurred_at, {", ".join(WRITABLE)}, place)
),
locked AS MATERIALIZED (
    SELECT id, updated_at FROM job WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
),
changed AS (
    UPDATE job
    SET current_status = coalesce(wanted.status, job.current_status),
        {"".join(f"{name} = coalesce(wanted.{name}, job.{name}), " for name in WRITABLE)}
        updated_at = greatest(clock_timestamp(), job.updated_at + interval '1 microsecond')
    FROM wanted JOIN locked ON locked.id = wanted.id
    WHERE job.id = wanted.id AND (wanted.expected IS NULL OR wanted.expected = locked.updated_at)
    RETURNING {JOB_COLUMNS}, wanted.status AS recorded, wanted.reason, wanted.occurred_at
),
history AS (
    INSERT INTO job_status (job_id, status_type, "timestamp", source, reason, occurred_at)
    SELECT id, recorded, updated_at, %(source)s, reason, occurred_at FROM changed WHERE recorded IS NOT NULL ORDER BY id
)
SELECT wanted.id, locked.id IS NOT NULL, {is_truncated_sql("locked.updated_at", "wanted.expected")}, {JOB_ROW}
FROM wanted LEFT JOIN locked ON locked.id = wanted.id LEFT JOIN changed AS job ON job.id = wanted.id
ORDER BY wanted.place
"""


class Change(NamedTuple):
    """A new status, new values of writable columns, or both.

    With `expected_updated_at`, it applies only to a job with this updated_at. `reason` and `occurred_at` are those of the
    status.
    """

    job_id: int
    status: StatusType | None = None
    values: Mapping[str, str] = MappingProxyType({})
    expected_updated_at: datetime | None = None
    reason: str | None = None
    occurred_at: datetime | None = None


class Outcome(NamedTuple):
    """The changed job, or the reason why it was not changed."""

    job_id: int
    job: JobRow | None
    refusal: Refusal = ""


def change_jobs(changes: Sequence[Change], source: Source | None = None) -> list[Outcome]:
    """Applies the changes; returns an outcome for each, in order. Each job may appear only once.

    A job that is missing or has changed does not affect the others. Locks the jobs until the statement ends.
    """
    params: dict[str, Any] = {
        "ids": [change.job_id for change in changes],
        "statuses": [change.status and change.status.value for change in changes],
        "expected": [change.expected_updated_at for change in changes],
        "reasons": [change.reason for change in changes],
        "occurred": [change.occurred_at for change in changes],
        "source": source,
        **{name: [change.values.get(name) for change in changes] for name in WRITABLE},
    }
    with connection.cursor() as cursor:
        cursor.execute(CHANGE, params)
        return [_outcome(*row) for row in cursor.fetchall()]


def _outcome(job_id: int, exists: bool, truncated: bool | None, *row: Any) -> Outcome:
    if row[0] is not None:
        return Outcome(job_id, JobRow._make(row))
    if truncated:
        return Outcome(job_id, None, "updated_at_truncated")
    return Outcome(job_id, None, "job_changed" if exists else "job_not_found")
