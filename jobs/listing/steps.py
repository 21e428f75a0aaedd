"""The beginnings of several histories, oldest first: what a comparison needs, however long the histories are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection

MAX_STEPS: Final = 50


class Step(NamedTuple):
    """A status from `since` until `until`, which is None for the current status."""

    status: str
    since: datetime
    until: datetime | None


class Steps(NamedTuple):
    """The first MAX_STEPS entries of a history, and whether there are more."""

    steps: list[Step]
    has_more: bool


def first_steps(ids: Sequence[int]) -> dict[int, Steps]:
    """One query; it reads one entry more than it returns of each job, to know how long the last one lasted."""
    sql = f"""
        SELECT wanted.id, entry.status_type, entry."timestamp"
        FROM unnest(%s::bigint[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT id, status_type, "timestamp" FROM job_status
            WHERE job_id = wanted.id ORDER BY id LIMIT {MAX_STEPS + 1}
        ) AS entry ORDER BY wanted.id, entry.id
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids)])
        rows = cursor.fetchall()
    found = {}
    for job_id in ids:
        entries = [(status, since) for owner, status, since in rows if owner == job_id]
        ends = [*(since for _, since in entries[1:]), None]
        steps = [Step(*entry, end) for entry, end in zip(entries, ends, strict=True)]
        found[job_id] = Steps(steps[:MAX_STEPS], len(steps) > MAX_STEPS)
    return found
