"""Deletion of many jobs: one statement, with an outcome for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import connection

from jobs.changes.bulk import Refusal
from jobs.changes.versions import is_truncated_sql
from jobs.rows import utc_text_sql

REMOVE_MANY: Final = f"""
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(%(ids)s::bigint[], %(expected)s::timestamptz[]) WITH ORDINALITY AS wanted (id, expected, place)
),
found AS MATERIALIZED (
    SELECT * FROM job_delete(
        %(ids)s, %(keep)s, ARRAY(SELECT {utc_text_sql("expected")} FROM wanted ORDER BY place), %(operation_id)s
    )
)
SELECT wanted.id,
    CASE
        WHEN found.is_deleted THEN ''
        WHEN found.job_id IS NULL THEN 'job_not_found'
        WHEN {is_truncated_sql("found.found_version", "wanted.expected")} THEN 'updated_at_truncated'
        ELSE 'job_changed'
    END
FROM wanted LEFT JOIN found ON found.job_id = wanted.id
ORDER BY wanted.place
"""


class Deletion(NamedTuple):
    """A job to delete; with `expected_updated_at`, only if it has this updated_at."""

    job_id: int
    expected_updated_at: datetime | None = None


class DeletionOutcome(NamedTuple):
    """Why the job was not deleted; empty if it was."""

    job_id: int
    refusal: Refusal = ""


def remove_jobs(
    deletions: Sequence[Deletion], operation_id: int | None = None
) -> list[DeletionOutcome]:
    """Moves the jobs and their histories into the trash, or deletes them for good if there is none.

    Returns an outcome for each, in order. Each job may appear only once; one that is missing or has changed does not affect
    the others. `operation_id` is stored in the trash.
    """
    params: dict[str, Any] = {
        "ids": [deletion.job_id for deletion in deletions],
        "expected": [deletion.expected_updated_at for deletion in deletions],
        "keep": settings.TRASH_DAYS > 0,
        "operation_id": operation_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(REMOVE_MANY, params)
        return [DeletionOutcome(*row) for row in cursor.fetchall()]
