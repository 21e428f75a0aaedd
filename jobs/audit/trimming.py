"""Deletes what is older than AUDIT_DAYS, in batches."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import connection

TABLES: Final = ("audit_event", "api_token_event", "audit_dropped")
EXPIRED: Final = """
DELETE FROM {table} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM {table} WHERE at < statement_timestamp() - make_interval(days => %s) ORDER BY at LIMIT %s
))
"""


def trim(limit: int) -> int:
    """Deletes up to `limit` entries that have expired; returns how many. None expires if AUDIT_DAYS is 0."""
    if not settings.AUDIT_DAYS:
        return 0
    removed = 0
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(EXPIRED.format(table=table), [settings.AUDIT_DAYS, limit - removed])
            removed += cursor.rowcount
        if removed >= limit:
            break
    return removed
