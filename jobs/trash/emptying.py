"""Emptying the trash, which is final. The histories go by the foreign key."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.db import connection

# Entries that are being restored are skipped, so that emptying never waits, nor makes others wait for longer than a batch.
EMPTY: Final = """
DELETE FROM trashed_job WHERE id = ANY (ARRAY(
    SELECT id FROM trashed_job WHERE {condition} ORDER BY deleted_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
))
"""
EXPIRED: Final = "deleted_at <= statement_timestamp() - %(days)s * interval '24 hours'"
DISCARD: Final = "DELETE FROM trashed_job WHERE id = %(id)s"


def empty_expired(limit: int) -> int:
    """Deletes up to `limit` jobs that have been in the trash for TRASH_DAYS, the oldest first; returns how many."""
    return _delete(EMPTY.format(condition=EXPIRED), days=settings.TRASH_DAYS, limit=limit)


def empty_all(limit: int) -> int:
    """Deletes up to `limit` jobs in the trash, the oldest first; returns how many."""
    return _delete(EMPTY.format(condition="TRUE"), limit=limit)


def discard(job_id: int) -> bool:
    """Deletes a job in the trash; returns whether it was there."""
    return _delete(DISCARD, id=job_id) > 0


def _delete(sql: str, **params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)
