"""Responses stored by idempotency key, in the transaction of the request that they answer.

A key whose request is in progress is an advisory lock of that transaction: every session sees it at once, and it is
released when the transaction ends, however it ends.

The table of these records is `kept_answer`. It keeps that name, because the previous release uses it too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from random import random

from django.db import connection

LIFETIME = timedelta(hours=24)
# One writer in this many deletes expired records: ten times as many as have been written meanwhile.
PURGE_ONE_IN = 100
PURGE_LIMIT = 1_000

CLAIM = "SELECT free, request, status, headers, body FROM kept_answer_claim(%s)"

# It conflicts only with an expired record: the claim has looked.
STORE = """
INSERT INTO kept_answer (key, request, status, headers, body, expires_at)
VALUES (%(key)s, %(request)s, %(status)s, %(headers)s, %(body)s, statement_timestamp() + make_interval(secs => %(lifetime)s))
ON CONFLICT (key) DO UPDATE
SET request = excluded.request, status = excluded.status, headers = excluded.headers, body = excluded.body,
    expires_at = excluded.expires_at
"""

# Skips records that another session is deleting or replacing.
PURGE = """
DELETE FROM kept_answer
WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM kept_answer WHERE expires_at <= statement_timestamp()
    ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED
))
"""


class InFlight(Exception):
    """Another transaction holds the key."""


@dataclass(frozen=True)
class IdempotencyRecord:
    """A stored response; `request` is the digest of the request that it answers."""

    request: bytes
    status: int
    headers: dict[str, str]
    body: bytes


def claim(key: bytes) -> IdempotencyRecord | None:
    """The record stored under the key; if there is none, None, and this transaction holds the key until it ends.

    Raises InFlight if another transaction holds it. One query, which never blocks.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [key])
        row = cursor.fetchone()
    if row is None:
        raise InFlight
    free, request, status, headers, body = row
    return None if free else IdempotencyRecord(request, status, json.loads(headers), body)


def store(key: bytes, record: IdempotencyRecord) -> None:
    """Stores the record for LIFETIME, in this transaction, which must have claimed the key. Call it last."""
    with connection.cursor() as cursor:
        cursor.execute(
            STORE,
            {
                "key": key,
                "request": record.request,
                "status": record.status,
                "headers": json.dumps(record.headers),
                "body": record.body,
                "lifetime": LIFETIME.total_seconds(),
            },
        )
    if random() * PURGE_ONE_IN < 1:  # noqa: S311  # nobody gains by guessing it
        purge_expired()


def purge_expired(limit: int = PURGE_LIMIT) -> int:
    """Deletes the records that expired first; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(PURGE, [limit])
        return int(cursor.rowcount)
