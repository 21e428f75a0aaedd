"""Receipts of complete exports, by which a client tells a complete file from a truncated one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import connection

from jobs.rows import utc_text_sql

LIFETIME: Final = timedelta(hours=24)
# Each new receipt deletes up to this many expired ones, so the table stays small.
PURGE_LIMIT: Final = 100

PURGE: Final = """
DELETE FROM export_receipt WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM export_receipt WHERE expires_at <= statement_timestamp()
    ORDER BY expires_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
))
"""
STORE: Final = f"""
WITH expired AS ({PURGE})
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


class ExportDigest:
    """Size and SHA-256 of the part of an export that has been sent."""

    def __init__(self) -> None:
        self.size = 0
        self._hash = sha256()

    def add(self, part: bytes) -> None:
        self.size += len(part)
        self._hash.update(part)

    def digest(self) -> bytes:
        return self._hash.digest()


def store(export_id: UUID, jobs: int, digest: ExportDigest) -> None:
    """Stores the receipt for LIFETIME."""
    values: dict[str, Any] = {
        "id": export_id,
        "jobs": jobs,
        "bytes": digest.size,
        "sha256": digest.digest(),
        "lifetime": LIFETIME.total_seconds(),
        "limit": PURGE_LIMIT,
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE, values)


def purge_expired(limit: int) -> int:
    """Deletes the receipts that expired first; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(PURGE, {"limit": limit})
        return int(cursor.rowcount)


def find(export_id: UUID) -> Receipt | None:
    with connection.cursor() as cursor:
        cursor.execute(FIND, [export_id])
        row = cursor.fetchone()
    return Receipt(export_id, *row) if row else None
