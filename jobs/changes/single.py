"""Changes of one job, one statement each.

The statement writes a job's current status and the newest row of its history, so no reader sees one without the other
and no crash separates them.
"""

from __future__ import annotations

from django.db import connection

from jobs.changes.versions import VersionMismatch, Versions, version_matches_sql
from jobs.querysets import JobReads
from jobs.rows import JOB_COLUMNS, JOB_ROW, JobRow
from jobs.statuses import StatusType

CREATE = f"""
WITH moment AS (SELECT clock_timestamp() AS at),
created AS (
    INSERT INTO job (name, current_status, created_at, updated_at)
    SELECT %(name)s, '{StatusType.PENDING}', at, at FROM moment
    RETURNING {JOB_COLUMNS}
),
history AS (
    INSERT INTO job_status (job_id, status_type, "timestamp")
    SELECT id, current_status, created_at FROM created
)
SELECT {JOB_ROW} FROM created AS job
"""

VERSION_MATCHES = version_matches_sql("job")

# The update comes first: its row lock serializes concurrent changes of one job, and the timestamp and the id of the
# history row are taken while it is held. greatest() keeps the history in order if the clock is set back, and makes
# updated_at unique among the states of a job: an undo identifies the state to undo by it.
RECORD_STATUS = f"""
WITH changed AS (
    UPDATE job
    SET current_status = %(status)s,
        name = coalesce(%(name)s, name),
        updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')
    WHERE id = %(id)s AND {VERSION_MATCHES}
    RETURNING {JOB_COLUMNS}
),
history AS (
    INSERT INTO job_status (job_id, status_type, "timestamp")
    SELECT id, current_status, updated_at FROM changed
)
SELECT {JOB_ROW} FROM changed AS job
"""

RENAME = f"""
UPDATE job
SET name = %(name)s, updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')
WHERE id = %(id)s AND {VERSION_MATCHES}
RETURNING {JOB_ROW}
"""

REMOVE = f"DELETE FROM job WHERE id = %(id)s AND {VERSION_MATCHES} RETURNING {JOB_ROW}"


class JobChanges(JobReads):
    """Manager methods that change a job without loading it. They return None or False if it does not exist.

    If `versions` is given, the job's version must be among them; otherwise they raise VersionMismatch.
    """

    def create_pending(self, name: str) -> JobRow:
        """Inserts a job and its first status, PENDING."""
        return self._fetch(CREATE, name=name)  # type: ignore[return-value]  # an insert always returns its row

    def record_status(
        self,
        job_id: int,
        status: StatusType,
        name: str | None = None,
        versions: Versions | None = None,
    ) -> JobRow | None:
        """Sets the job's status and appends it to the history; with `name`, also renames the job.

        Appends an entry even if the job already has this status. Locks the job's row until the statement ends.
        """
        return self._if_version(RECORD_STATUS, job_id, versions, status=status.value, name=name)

    def rename(self, job_id: int, name: str, versions: Versions | None = None) -> JobRow | None:
        return self._if_version(RENAME, job_id, versions, name=name)

    def remove(self, job_id: int, versions: Versions | None = None) -> bool:
        """Deletes the job and its history; returns whether it existed."""
        return self._if_version(REMOVE, job_id, versions) is not None

    def _if_version(
        self, sql: str, job_id: int, versions: Versions | None, **params: str | None
    ) -> JobRow | None:
        expected = None if versions is None else list(versions)
        row = self._fetch(sql, id=job_id, versions=expected, **params)
        if row is None and expected is not None and self.row(job_id):
            raise VersionMismatch
        return row

    def _fetch(self, sql: str, **params: int | str | list[str] | None) -> JobRow | None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            row = cursor.fetchone()
        return JobRow._make(row) if row else None
