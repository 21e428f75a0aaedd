"""Taking back a job's newest status change, by one statement that appends its opposite."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import connection

from jobs.querysets import JOB_ROW, JobQuestions, JobRow
from jobs.versions import TRUNCATED, OtherVersion, Versions, is_meant_sql, is_truncated_sql

# The update waits for whoever changes the job, then looks at updated_at again: after any change it matches nothing,
# and what the snapshot said of the history is still so where it does match. `newest` reads two entries.
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
    WHERE job.id = %(id)s AND job.updated_at = %(seen)s AND {is_meant_sql("job")}
        AND newest.since = job.updated_at AND newest.before IS NOT NULL
    RETURNING job.id, name, current_status, created_at, job.updated_at, newest.id AS undoes
),
history AS (
    INSERT INTO job_status (job_id, status_type, "timestamp", undoes)
    SELECT id, current_status, updated_at, undoes FROM changed
)
SELECT {is_meant_sql("known")}, known.updated_at = %(seen)s, {is_truncated_sql("known.updated_at", "%(seen)s::timestamptz")},
    newest.since <> known.updated_at OR newest.before IS NULL,
    {JOB_ROW}
FROM job AS known
LEFT JOIN newest ON true
LEFT JOIN changed AS job ON true
WHERE known.id = %(id)s
"""


class UndoRefused(Exception):
    """Why nothing was undone, as a sentence; `code` is stable."""

    code: ClassVar[str]


class JobChanged(UndoRefused):
    code = "job_changed"


class MomentTruncated(UndoRefused):
    code = "updated_at_truncated"


class NothingToUndo(UndoRefused):
    code = "nothing_to_undo"


def undo_status(job_id: int, seen: datetime, versions: Versions | None = None) -> JobRow | None:
    """Move the job back to the status before its newest entry, and append that with the entry's id.

    None where there is no such job. Raises JobChanged unless `seen` is the job's updated_at still, NothingToUndo
    where the job was last created or renamed, OtherVersion where it is in none of `versions`. Undoing twice returns to
    where it began: an undo is an entry like any.
    """
    meant = None if versions is None else list(versions)
    with connection.cursor() as cursor:
        cursor.execute(UNDO, {"id": job_id, "seen": seen, "versions": meant})
        answer = cursor.fetchone()
    if answer is None:
        return None
    is_meant, is_seen, is_truncated, is_no_status, *row = answer
    if row[0] is not None:
        return JobRow._make(row)
    if is_meant and is_seen:
        if is_no_status:
            raise NothingToUndo("The job's last change was no change of its status.")
        # It was so when the statement began. The update waited for another change, or for the job's deletion.
        if JobQuestions().row(job_id) is None:
            return None
    if not is_meant or (is_seen and versions is not None):
        raise OtherVersion
    if is_truncated:
        raise MomentTruncated(f"{TRUNCATED} Nothing was undone.")
    raise JobChanged("The job has changed since. Nothing was undone.")
