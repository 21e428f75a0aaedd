"""Deletion of many jobs: one statement, with an outcome for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.changes.bulk import Refusal
from jobs.changes.versions import is_truncated_sql

# Rows are locked in id order, as by other bulk changes, so they cannot deadlock. The histories are deleted by the foreign
# key.
REMOVE_MANY: Final = f"""
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(expected)s::timestamptz[]) WITH ORDINALITY AS wanted (id, expected, place)
),
locked AS MATERIALIZED (
    SELECT id, updated_at FROM job WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE
),
removed AS (
    DELETE FROM job USING wanted JOIN locked ON locked.id = wanted.id
    WHERE job.id = wanted.id AND (wanted.expected IS NULL OR wanted.expected = locked.updated_at)
    RETURNING job.id
)
SELECT wanted.id,
    CASE
        WHEN removed.id IS NOT NULL THEN ''
        WHEN locked.id IS NULL THEN 'job_not_found'
        WHEN {is_truncated_sql("locked.updated_at", "wanted.expected")} THEN 'updated_at_truncated'
        ELSE 'job_changed'
    END
FROM wanted LEFT JOIN locked ON locked.id = wanted.id LEFT JOIN removed ON removed.id = wanted.id
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


def remove_jobs(deletions: Sequence[Deletion]) -> list[DeletionOutcome]:
    """Deletes the jobs and their histories; returns an outcome for each, in order. Each job may appear only once.

    A job that is missing or has changed does not affect the others.
    """
    params: dict[str, Any] = {
        "ids": [deletion.job_id for deletion in deletions],
        "expected": [deletion.expected_updated_at for deletion in deletions],
    }
    with connection.cursor() as cursor:
        cursor.execute(REMOVE_MANY, params)
        return [DeletionOutcome(*row) for row in cursor.fetchall()]
