"""Undo of status changes of many jobs: one statement, with an outcome for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.changes.bulk import Outcome, Refusal
from jobs.changes.versions import is_truncated_sql
from jobs.rows import JOB_COLUMNS, JOB_ROW, JobRow
from jobs.sources import Source

# How many of a job's newest entries are searched for the change to undo.
MAX_DEPTH: Final = 200

# Rows are locked in id order, as by other bulk changes, so they cannot deadlock. The history is read from the
# statement's snapshot; a job that another change has updated since then has a newer updated_at once it is locked, so the
# history of a job whose updated_at still matches is current.
#
# `target` is the entry to undo. Each newer one must be an undo, or have been undone.
UNDO_MANY: Final = f"""
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(expected)s::timestamptz[], %(changed)s::timestamptz[])
    WITH ORDINALITY AS wanted (id, expected, changed, place)
),
locked AS MATERIALIZED (
    SELECT id, updated_at FROM job WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
),
target AS MATERIALIZED (
    SELECT wanted.id, entry.id AS undoes, entry.status_type, entry.before
    FROM wanted CROSS JOIN LATERAL (
        WITH recent AS MATERIALIZED (
            SELECT id, status_type, "timestamp" AS since, undoes, lead(status_type) OVER (ORDER BY id DESC) AS before
            FROM job_status WHERE job_id = wanted.id ORDER BY id DESC LIMIT %(depth)s
        )
        SELECT recent.id, recent.status_type, recent.before
        FROM recent
        WHERE recent.since = coalesce(wanted.changed, wanted.expected) AND NOT EXISTS (
            SELECT FROM recent AS newer
            WHERE newer.id > recent.id AND newer.undoes IS NULL
                AND NOT EXISTS (SELECT FROM recent AS undo WHERE undo.undoes = newer.id)
        )
    ) AS entry
),
changed AS (
    UPDATE job
    SET current_status = target.before,
        updated_at = greatest(clock_timestamp(), job.updated_at + interval '1 microsecond')
    FROM wanted JOIN locked ON locked.id = wanted.id JOIN target ON target.id = wanted.id
    WHERE job.id = wanted.id AND wanted.expected = locked.updated_at
        AND job.current_status = target.status_type AND target.before IS NOT NULL
    RETURNING {JOB_COLUMNS}, target.undoes
),
history AS (
    INSERT INTO job_status (job_id, status_type, "timestamp", undoes, source, actor)
    SELECT id, current_status, updated_at, undoes, '{Source.UNDO}', %(actor)s FROM changed ORDER BY id
)
SELECT wanted.id,
    CASE
        WHEN job.id IS NOT NULL THEN ''
        WHEN locked.id IS NULL THEN 'job_not_found'
        WHEN {is_truncated_sql("locked.updated_at", "wanted.expected")} THEN 'updated_at_truncated'
        WHEN locked.updated_at <> wanted.expected THEN 'job_changed'
        WHEN wanted.changed IS NULL OR target.id IS NOT NULL AND target.before IS NULL THEN 'nothing_to_undo'
        ELSE 'job_changed'
    END,
    {JOB_ROW}
FROM wanted
LEFT JOIN locked ON locked.id = wanted.id
LEFT JOIN target ON target.id = wanted.id
LEFT JOIN changed AS job ON job.id = wanted.id
ORDER BY wanted.place
"""


class Undo(NamedTuple):
    """A job, and its updated_at.

    `changed_at` is the updated_at right after the status change to undo; by default, the change is the job's latest one.
    """

    job_id: int
    expected_updated_at: datetime
    changed_at: datetime | None = None


def undo_statuses(undos: Sequence[Undo], actor: int | None = None) -> list[Outcome]:
    """Undoes a status change of each job: appends the status before it, referring to it. Each job may appear only once.

    An earlier change can be undone once all status changes after it have been undone: renames do not matter.

    Returns an outcome for each, in order; a job whose change cannot be undone does not affect the others. Locks the jobs
    until the statement ends.
    """
    params: dict[str, Any] = {
        "ids": [undo.job_id for undo in undos],
        "expected": [undo.expected_updated_at for undo in undos],
        "changed": [undo.changed_at for undo in undos],
        "actor": actor,
        "depth": MAX_DEPTH if any(undo.changed_at for undo in undos) else 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(UNDO_MANY, params)
        return [_outcome(*row) for row in cursor.fetchall()]


def _outcome(job_id: int, refusal: Refusal, *row: Any) -> Outcome:
    return Outcome(job_id, None if refusal else JobRow._make(row), refusal)
