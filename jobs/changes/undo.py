"""Undo of a job's newest status change: one statement that appends the previous status."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Final

from django.db import connection

from jobs.changes.versions import (
    TRUNCATED,
    VersionMismatch,
    Versions,
    is_truncated_sql,
    version_matches_sql,
)
from jobs.querysets import JobReads
from jobs.rows import JOB_COLUMNS, JOB_ROW, JobRow
from jobs.sources import Source

# The update waits for concurrent changes of the job, then compares updated_at again. If it still matches, the job has
# not changed since the snapshot, so the history read from the snapshot is current. `newest` reads two entries.
UNDO = f"""
WITH newest AS (
    SELECT id, "timestamp" AS since, lead(status_type) OVER (ORDER BY id DESC) AS before
    FROM job_status WHERE job_id = %(id)s ORDER BY id DESC LIMIT 1
),
changed AS (
    UPDATE job
    SET current_status = newest.before,
        updated_at = greatest(clock_timestamp(), job.updated_at + interval '1 microsecond')
    FROM newest
    WHERE job.id = %(id)s AND job.updated_at = %(expected)s AND {version_matches_sql("job")}
        AND newest.since = job.updated_at AND newest.before IS NOT NULL
    RETURNING {JOB_COLUMNS}, newest.id AS undoes
),
history AS (
    INSERT INTO job_status (job_id, status_type, "timestamp", undoes, source, actor)
    SELECT id, current_status, updated_at, undoes, '{Source.UNDO}', %(actor)s FROM changed
)
SELECT {version_matches_sql("known")}, known.updated_at = %(expected)s, {is_truncated_sql("known.updated_at", "%(expected)s::timestamptz")},
    newest.since <> known.updated_at OR newest.before IS NULL,
    {JOB_ROW}
FROM job AS known
LEFT JOIN newest ON true
LEFT JOIN changed AS job ON true
WHERE known.id = %(id)s
"""


CHANGED: Final = (
    "The job has changed since this updated_at. Nothing was undone. Get the job again; to undo its latest status change,"
    " send its new updated_at."
)
NOTHING: Final = (
    "The job's latest change was its creation, or recorded no status. Nothing was undone. To set an earlier status,"
    " record it as a new one."
)


class UndoRefused(Exception):
    """Nothing was undone; the message says why. `code` is stable."""

    code: ClassVar[str]


class JobChanged(UndoRefused):
    code = "job_changed"


class TimestampTruncated(UndoRefused):
    code = "updated_at_truncated"


class NothingToUndo(UndoRefused):
    code = "nothing_to_undo"


def undo_status(
    job_id: int,
    expected_updated_at: datetime,
    versions: Versions | None = None,
    actor: int | None = None,
) -> JobRow | None:
    """Restores the status before the job's newest entry; the appended entry refers to the one that it undoes.

    `expected_updated_at`, from the body, says which change to undo; `versions`, from If-Match, is the optional
    precondition of every change. An undo is an entry like any other: undoing it restores the status before it.

    Returns None if the job does not exist. Raises JobChanged unless the job's updated_at is `expected_updated_at`,
    NothingToUndo if its newest change is its creation or recorded no status, and VersionMismatch if its version is not among
    `versions`.
    """
    params: dict[str, Any] = {
        "id": job_id,
        "expected": expected_updated_at,
        "versions": None if versions is None else list(versions),
        "actor": actor,
    }
    with connection.cursor() as cursor:
        cursor.execute(UNDO, params)
        found = cursor.fetchone()
    if found is None:
        return None
    version_matches, is_expected, is_truncated, nothing_to_undo, *row = found
    if row[0] is not None:
        return JobRow._make(row)
    if version_matches and is_expected:
        if nothing_to_undo:
            raise NothingToUndo(NOTHING)
        # True when the statement began. The update then waited for another change, or for the job's deletion.
        if JobReads().row(job_id) is None:
            return None
    if not version_matches or (is_expected and versions is not None):
        raise VersionMismatch
    if is_truncated:
        raise TimestampTruncated(f"{TRUNCATED} Nothing was undone.")
    raise JobChanged(CHANGED)
