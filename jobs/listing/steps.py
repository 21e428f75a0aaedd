"""The beginning of a history, oldest first: what a comparison needs, however long the history is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection

from jobs.listing.history import Span, in_effect

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


def first_steps(job_id: int, spans: Sequence[Span] = ()) -> Steps:
    """Of the entries outside the spans. One query; it reads one entry more, to know how long the last one lasted."""
    is_in_effect, params = in_effect("id", spans)
    sql = f"""
        SELECT status_type, "timestamp" FROM job_status
        WHERE job_id = %s AND {is_in_effect} ORDER BY id LIMIT {MAX_STEPS + 1}
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [job_id, *params])
        entries = cursor.fetchall()
    ends = [*(since for _, since in entries[1:]), None]
    steps = [Step(status, since, end) for (status, since), end in zip(entries, ends, strict=True)]
    return Steps(steps[:MAX_STEPS], len(steps) > MAX_STEPS)
