"""Creation of many jobs: one statement, with an outcome for each."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import OperationalError, connection, transaction

from jobs.changes.conflicts import is_deadlock
from jobs.changes.values import bulk_given, new_sql
from jobs.rows import JOB_COLUMNS, JOB_ROW, LABELS, WRITABLE, JobRow
from jobs.sources import Source
from jobs.statuses import StatusType

NEW_VALUES: Final = ", ".join(
    f"CASE WHEN {name} = '' THEN '{{}}' ELSE {new_sql(name, name)} END"
    if name in LABELS
    else f"nullif({name}, '')"
    for name in WRITABLE
)

# The ids are taken first, in the order of the request: they tell which row is whose. A job whose key is taken, also by
# an earlier one of the request, is not inserted; its id is lost. In the order of keys, which is that of job_restore too,
# requests with the same keys do not deadlock.
CREATE: Final = f"""
WITH new AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('job', 'id')) AS id, given.*, moment.at
    FROM (SELECT clock_timestamp() AS at) AS moment CROSS JOIN unnest(
        %(statuses)s::text[], %(reasons)s::text[], %(occurred)s::timestamptz[],
        {", ".join(f"%({name})s::text[]" for name in WRITABLE)}
    ) WITH ORDINALITY AS given (status, reason, occurred_at, {", ".join(WRITABLE)}, place)
),
created AS (
    INSERT INTO job (id, {", ".join(WRITABLE)}, current_status, created_at, updated_at)
    SELECT id, {NEW_VALUES}, status, at, at FROM new ORDER BY key COLLATE pg_c_utf8, id
    ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING
    RETURNING {JOB_COLUMNS}
),
history AS (
    INSERT INTO job_status (job_id, status_type, "timestamp", source, actor, reason, occurred_at)
    SELECT created.id, created.current_status, created.created_at, %(source)s, %(actor)s, new.reason, new.occurred_at
    FROM created JOIN new ON new.id = created.id ORDER BY created.id
)
SELECT {JOB_ROW} FROM new LEFT JOIN created AS job ON job.id = new.id ORDER BY new.place
"""


class NewJob(NamedTuple):
    """The values of its columns, and its first status with what its reporter says."""

    values: dict[str, Any]
    status: StatusType = StatusType.PENDING
    reason: str | None = None
    occurred_at: datetime | None = None


class Creation(NamedTuple):
    """The new job, or the id of the job that has its key."""

    job: JobRow | None
    holder: int | None = None


def create_jobs(
    jobs: Sequence[NewJob], source: Source | None = None, actor: int | None = None
) -> list[Creation]:
    """Creates the jobs, all at the same time and with ids in this order; returns what became of each, in order.

    One statement, and a query for the jobs that have taken keys, in one transaction. If one of these keys is free again by
    then, nothing is created and all is tried again, and so it is after a deadlock with changes of the same keys.
    """
    has_keys = any(job.values.get("key") for job in jobs)
    while True:
        try:
            with transaction.atomic() if has_keys else nullcontext():
                return _create_all(jobs, source, actor)
        except KeyFreed:
            pass
        except OperationalError as error:
            if not is_deadlock(error):
                raise


class KeyFreed(Exception):
    """The job that had a key is gone."""


def _create_all(jobs: Sequence[NewJob], source: Source | None, actor: int | None) -> list[Creation]:
    """Raises KeyFreed."""
    rows = _create(jobs, source, actor)
    taken = [job.values["key"] for job, row in zip(jobs, rows, strict=True) if row is None]
    holders = _holders(taken)
    if not holders.keys() >= set(taken):
        raise KeyFreed
    return [
        Creation(row) if row is not None else Creation(None, holders[job.values["key"]])
        for job, row in zip(jobs, rows, strict=True)
    ]


def _create(
    jobs: Sequence[NewJob], source: Source | None, actor: int | None
) -> list[JobRow | None]:
    params: dict[str, Any] = {
        "statuses": [job.status.value for job in jobs],
        "reasons": [job.reason for job in jobs],
        "occurred": [job.occurred_at for job in jobs],
        "source": source,
        "actor": actor,
        # An empty text is no value.
        **{
            name: [
                bulk_given({n: v for n, v in job.values.items() if v}, name) or "" for job in jobs
            ]
            for name in WRITABLE
        },
    }
    with connection.cursor() as cursor:
        cursor.execute(CREATE, params)
        return [None if row[0] is None else JobRow._make(row) for row in cursor.fetchall()]


def _holders(keys: Sequence[str]) -> dict[str, int]:
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, id FROM job WHERE key = ANY(%s)", [list(keys)])
        return dict(cursor.fetchall())
