"""Receipts of exports: what one that came to its end had in it, so that its reader can tell a whole file from a part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import connection

from jobs.querysets import utc_text_sql

LIFETIME: Final = timedelta(hours=24)
# Each new one takes away more than one that has expired: there are never many.
FORGET_AT_MOST: Final = 100

KEEP: Final = """
WITH expired AS (
    DELETE FROM export_receipt WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM export_receipt WHERE expires_at <= statement_timestamp()
        ORDER BY expires_at LIMIT %(at_most)s FOR UPDATE SKIP LOCKED
    ))
)
INSERT INTO export_receipt (id, jobs, bytes, sha256, expires_at)
VALUES (%(id)s, %(jobs)s, %(bytes)s, %(sha256)s, statement_timestamp() + make_interval(secs => %(lifetime)s))
"""
FIND: Final = f"""
SELECT jobs, bytes, sha256, {utc_text_sql("finished_at")} FROM export_receipt WHERE id = %s AND expires_at > statement_timestamp()
"""


@dataclass(frozen=True)
class Receipt:
    id: UUID
    jobs: int
    size: int
    sha256: bytes
    finished_at: str


class Tally:
    """What has been sent of an export so far."""

    def __init__(self) -> None:
        self.size = 0
        self._hash = sha256()

    def add(self, part: bytes) -> None:
        self.size += len(part)
        self._hash.update(part)

    def digest(self) -> bytes:
        return self._hash.digest()


def keep(export_id: UUID, jobs: int, tally: Tally) -> None:
    """For LIFETIME."""
    values: dict[str, Any] = {
        "id": export_id,
        "jobs": jobs,
        "bytes": tally.size,
        "sha256": tally.digest(),
        "lifetime": LIFETIME.total_seconds(),
        "at_most": FORGET_AT_MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP, values)


def find(export_id: UUID) -> Receipt | None:
    with connection.cursor() as cursor:
        cursor.execute(FIND, [export_id])
        row = cursor.fetchone()
    return Receipt(export_id, *row) if row else None
