"""Bulk changes: many jobs changed by one statement, with an outcome for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from django.db import IntegrityError, OperationalError, connection, transaction

from jobs.changes.conflicts import constraint_of, is_deadlock
from jobs.changes.values import bulk_given, bulk_sql, changed_sql
from jobs.changes.versions import is_truncated_sql
from jobs.labels import MAX_LABELS
from jobs.rows import JOB_COLUMNS, JOB_ROW, WRITABLE, JobRow
from jobs.sources import Source
from jobs.statuses import StatusType

MAX_BULK_JOBS: Final = 1_000

# Why a bulk request left a job as it is; empty if it did not.
Refusal = Literal[
    "",
    "job_not_found",
    "job_changed",
    "updated_at_truncated",
    "nothing_to_undo",
    "key_taken",
    "too_many_labels",
]

# Rows are locked in id order before any is changed, so bulk changes of the same jobs cannot deadlock. The update then
# sees each row as it was locked. A key that another job of the request gives up is still taken.
CHANGE = f"""
WITH wanted AS (
    SELECT * FROM unnest(
        %(ids)s::bigint[], %(statuses)s::text[], %(expected)s::timestamptz[], %(reasons)s::text[], %(occurred)s::timestamptz[],
        {", ".join(f"%({name})s::text[]" for name in WRITABLE)}
    ) WITH ORDINALITY AS wanted (id, status, expected, reason, occurred_at, {", ".join(WRITABLE)}, place)
),
locked AS MATERIALIZED (
    SELECT id, updated_at, labels FROM job WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
),
checked AS MATERIALIZED (
    SELECT wanted.*, holder.id AS holder, CASE
        WHEN job.id IS NULL THEN 'job_not_found'
        WHEN {is_truncated_sql("job.updated_at", "wanted.expected")} THEN 'updated_at_truncated'
        WHEN wanted.expected <> job.updated_at THEN 'job_changed'
        WHEN holder.id IS NOT NULL THEN 'key_taken'
        WHEN wanted.labels IS NOT NULL AND cardinality({changed_sql("labels", "wanted.labels")}) > {MAX_LABELS}
            THEN 'too_many_labels'
        ELSE ''
    END AS refusal
    FROM wanted
    LEFT JOIN locked AS job ON job.id = wanted.id
    LEFT JOIN LATERAL (
        SELECT other.id FROM job AS other WHERE wanted.key <> '' AND other.key = wanted.key AND other.id <> wanted.id
        UNION ALL
        SELECT earlier.id FROM wanted AS earlier
        WHERE wanted.key <> '' AND earlier.key = wanted.key AND earlier.place < wanted.place
        LIMIT 1
    ) AS holder ON wanted.key IS NOT NULL
),
changed AS (
    UPDATE job
    SET current_status = coalesce(wanted.status, job.current_status),
        {"".join(f"{name} = {bulk_sql(name, 'wanted')}, " for name in WRITABLE)}
        updated_at = greatest(clock_timestamp(), job.updated_at + interval '1 microsecond')
    FROM checked AS wanted WHERE job.id = wanted.id AND wanted.refusal = ''
    RETURNING {JOB_COLUMNS}, wanted.status AS recorded, wanted.reason, wanted.occurred_at
),
history AS (
    INSERT INTO job_status (job_id, status_type, "timestamp", source, actor, reason, occurred_at)
    SELECT id, recorded, updated_at, %(source)s, %(actor)s, reason, occurred_at FROM changed WHERE recorded IS NOT NULL ORDER BY id
)
SELECT wanted.id, wanted.refusal, wanted.holder, {JOB_ROW}
FROM checked AS wanted LEFT JOIN changed AS job ON job.id = wanted.id
ORDER BY wanted.place
"""


class Change(NamedTuple):
    """A new status, new values of writable columns, or both.

    With `expected_updated_at`, it applies only to a job with this updated_at. `reason` and `occurred_at` are those of the
    status.
    """

    job_id: int
    status: StatusType | None = None
    values: Mapping[str, Any] = MappingProxyType({})
    expected_updated_at: datetime | None = None
    reason: str | None = None
    occurred_at: datetime | None = None


class Outcome(NamedTuple):
    """The changed job, or the reason why it was not changed. `holder` is the job that has the key which was wanted."""

    job_id: int
    job: JobRow | None
    refusal: Refusal = ""
    holder: int | None = None


def change_jobs(
    changes: Sequence[Change], source: Source | None = None, actor: int | None = None
) -> list[Outcome]:
    """Applies the changes; returns an outcome for each, in order. Each job may appear only once.

    A job that is missing or has changed does not affect the others. Locks the jobs until the statement ends.
    """
    params: dict[str, Any] = {
        "ids": [change.job_id for change in changes],
        "statuses": [change.status and change.status.value for change in changes],
        "expected": [change.expected_updated_at for change in changes],
        "reasons": [change.reason for change in changes],
        "occurred": [change.occurred_at for change in changes],
        "source": source,
        "actor": actor,
        **{name: [bulk_given(change.values, name) for change in changes] for name in WRITABLE},
    }
    while True:
        try:
            with (
                transaction.atomic()
                if "key" in {n for c in changes for n in c.values}
                else nullcontext()
            ):
                return _change(params)
        except IntegrityError as error:
            # Another job has got a key since the statement began. It is seen now.
            if constraint_of(error) != "job_key":
                raise
        except OperationalError as error:
            # Another request sets the same keys in another order. It has set them by now.
            if not is_deadlock(error):
                raise


def _change(params: dict[str, Any]) -> list[Outcome]:
    with connection.cursor() as cursor:
        cursor.execute(CHANGE, params)
        return [
            Outcome(job_id, None if refusal else JobRow._make(row), refusal, holder)
            for job_id, refusal, holder, *row in cursor.fetchall()
        ]
