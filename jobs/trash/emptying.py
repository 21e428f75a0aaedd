"""Emptying the trash, which is final: jobs and their histories, by one statement."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.db import connection

# Entries that are being restored are skipped, so that emptying never waits, nor makes others wait for longer than a batch.
EMPTY: Final = """
WITH emptied AS (
    DELETE FROM trashed_job WHERE {condition} RETURNING id
), history AS (
    DELETE FROM trashed_status USING emptied WHERE job_id = emptied.id
)
SELECT count(*) FROM emptied
"""
OLDEST: Final = """
id = ANY (ARRAY(
    SELECT id FROM trashed_job WHERE {condition} ORDER BY deleted_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
))
"""
EXPIRED: Final = "deleted_at <= statement_timestamp() - %(days)s * interval '24 hours'"


def empty_expired(limit: int) -> int:
    """Deletes up to `limit` jobs that have been in the trash for TRASH_DAYS, the oldest first; returns how many."""
    return _delete(OLDEST.format(condition=EXPIRED), days=settings.TRASH_DAYS, limit=limit)


def empty_all(limit: int) -> int:
    """Deletes up to `limit` jobs in the trash, the oldest first; returns how many."""
    return _delete(OLDEST.format(condition="TRUE"), limit=limit)


def discard(job_id: int) -> bool:
    """Deletes a job in the trash; returns whether it was there."""
    return _delete("id = %(id)s", id=job_id) > 0


def _delete(condition: str, **params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(EMPTY.format(condition=condition), params)
        [number] = cursor.fetchone()
    return int(number)
