"""Answers kept for whoever asks again: each is written in the transaction of what it answers for, or not at all.

A key under way is an advisory lock of its transaction, seen by everybody at once and gone with it, however it ends.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from random import random

from django.db import connection

LIFETIME = timedelta(hours=24)
# One writer in so many takes away what has expired: ten times as many as have been written meanwhile.
FORGETS_ONE_IN = 100
FORGET_AT_MOST = 1_000

CLAIM = "SELECT free, request, status, headers, body FROM kept_answer_claim(%s)"

# It meets a row of its key only where that has expired: the claim has looked.
KEEP = """
INSERT INTO kept_answer (key, request, status, headers, body, expires_at)
VALUES (%(key)s, %(request)s, %(status)s, %(headers)s, %(body)s, statement_timestamp() + make_interval(secs => %(lifetime)s))
ON CONFLICT (key) DO UPDATE
SET request = excluded.request, status = excluded.status, headers = excluded.headers, body = excluded.body,
    expires_at = excluded.expires_at
"""

# Passes over what somebody else is taking away or writing anew.
FORGET = """
DELETE FROM kept_answer
WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM kept_answer WHERE expires_at <= statement_timestamp()
    ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED
))
"""


class InFlight(Exception):
    """Another transaction holds the key."""


@dataclass(frozen=True)
class KeptAnswer:
    """What was answered; `request` is the digest of what was asked."""

    request: bytes
    status: int
    headers: dict[str, str]
    body: bytes


def claim(key: bytes) -> KeptAnswer | None:
    """The answer kept under the key; None where there is none: the key is this transaction's to its end.

    Raises InFlight where it is another's. One round trip, which waits for nobody.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [key])
        row = cursor.fetchone()
    if row is None:
        raise InFlight
    free, request, status, headers, body = row
    return None if free else KeptAnswer(request, status, json.loads(headers), body)


def keep(key: bytes, answer: KeptAnswer) -> None:
    """Keep the answer for LIFETIME, with this transaction, which has claimed the key. Call it last."""
    with connection.cursor() as cursor:
        cursor.execute(
            KEEP,
            {
                "key": key,
                "request": answer.request,
                "status": answer.status,
                "headers": json.dumps(answer.headers),
                "body": answer.body,
                "lifetime": LIFETIME.total_seconds(),
            },
        )
    if random() * FORGETS_ONE_IN < 1:  # noqa: S311  # nobody gains by guessing it
        forget_expired()


def forget_expired(at_most: int = FORGET_AT_MOST) -> int:
    """Take away the oldest that have expired; how many."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [at_most])
        return int(cursor.rowcount)
