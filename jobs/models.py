"""Job and JobStatus: fields, constraints, indexes, and the methods that change them.

One statement writes a job's current status and the newest row of its history, so no reader sees one without the
other and no crash separates them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection, models

from jobs.changes.bulk import Change, Outcome, change_jobs
from jobs.changes.undo import undo_status
from jobs.changes.versions import VersionMismatch, Versions, version_matches_sql
from jobs.names import VISIBLE_IN_DATABASE
from jobs.querysets import JOB_ROW, JobQuerySet, JobReads, JobRow, JobStatusQuerySet
from jobs.statuses import StatusType

MAX_NAME_LENGTH = 255

CREATE = f"""
WITH moment AS (SELECT clock_timestamp() AS at),
created AS (
    INSERT INTO job (name, current_status, created_at, updated_at)
    SELECT %(name)s, 'PENDING', at, at FROM moment
    RETURNING id, name, current_status, created_at, updated_at
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
    RETURNING id, name, current_status, created_at, updated_at
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


JobQueries = models.Manager.from_queryset(JobQuerySet)


class JobManager(JobReads, JobQueries["Job"]):
    """Changes to jobs that need no loaded instance, one statement each. They return None or False for a missing job.

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

    def change(self, changes: Sequence[Change]) -> list[Outcome]:
        """Applies the changes in one statement; returns an outcome for each, in order.

        Each job may appear only once. A job that is missing or has changed does not affect the others.
        """
        return change_jobs(changes)

    def remove(self, job_id: int, versions: Versions | None = None) -> bool:
        """Deletes the job and its history; returns whether it existed."""
        return self._if_version(REMOVE, job_id, versions) is not None

    def undo_status(
        self, job_id: int, seen: datetime, versions: Versions | None = None
    ) -> JobRow | None:
        """Undoes the newest status change by appending the previous status. Raises UndoRefused if it is not `seen`."""
        return undo_status(job_id, seen, versions)

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


class Job(models.Model):
    """A computational job. `current_status` always equals the newest row of its history."""

    name = models.CharField(max_length=MAX_NAME_LENGTH, db_collation="pg_c_utf8")
    current_status = models.CharField(
        max_length=16, choices=StatusType.choices, default=StatusType.PENDING, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # The name folded for search and sorting (SQL: job_name_key). Stored, so that index-only scans can serve both.
    name_key = models.GeneratedField(
        expression=models.Func(models.F("name"), function="job_name_key"),
        output_field=models.TextField(db_collation="pg_c_utf8"),
        db_persist=True,
        editable=False,
    )

    objects = JobManager()

    class Meta:
        db_table = "job"
        constraints = [
            models.CheckConstraint(name="job_name_not_blank", condition=~models.Q(name="")),
            models.CheckConstraint(
                name="job_name_visible", condition=models.Q(name__regex=VISIBLE_IN_DATABASE)
            ),
            models.CheckConstraint(
                name="job_status_known", condition=models.Q(current_status__in=StatusType.values)
            ),
        ]
        indexes = [
            # The unfiltered list, for each ordering
            models.Index(fields=["created_at", "id"], name="job_by_created"),
            models.Index(fields=["updated_at", "id"], name="job_by_updated"),
            models.Index(fields=["name_key", "id"], name="job_by_name"),
            # The list of one status, for each ordering
            models.Index(
                fields=["current_status", "created_at", "id"], name="job_by_status_created"
            ),
            models.Index(
                fields=["current_status", "updated_at", "id"], name="job_by_status_updated"
            ),
            models.Index(fields=["current_status", "name_key", "id"], name="job_by_status_name"),
            # Substrings of the name. A pending list larger than 1 MB stalls the insert that flushes it for 0.2 s
            GinIndex(
                OpClass("name_key", "gin_trgm_ops"),
                name="job_name_trigrams",
                fastupdate=True,
                gin_pending_list_limit=1024,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Creates the job with its first status, or renames it. Only record_status() changes the status."""
        if self._state.adding:
            self._load_row(Job.objects.create_pending(self.name))
            self._state.adding = False
        else:
            self._load_row(Job.objects.rename(self.pk, self.name))

    def record_status(self, status: StatusType) -> None:
        """Sets the status, appends it to the history, and refreshes this instance from the stored row.

        Raises Job.DoesNotExist if the job has been deleted.
        """
        self._load_row(Job.objects.record_status(self.pk, status))

    def _load_row(self, row: JobRow | None) -> None:
        if row is None:
            raise Job.DoesNotExist(f"Job {self.pk} has been deleted.")
        self.id, self.name, self.current_status, created_at, updated_at = row
        self.created_at = datetime.fromisoformat(created_at)
        self.updated_at = datetime.fromisoformat(updated_at)
        self._state.db = connection.alias


class JobStatus(models.Model):
    """An entry of a job's history: the status that it entered, and when. Immutable once written."""

    # The database cascades the deletion (jobs.migrations): Django would delete a long history row by row.
    job = models.ForeignKey(
        Job, models.DO_NOTHING, related_name="statuses", db_constraint=False, db_index=False
    )
    status_type = models.CharField(max_length=16, choices=StatusType.choices)
    timestamp = models.DateTimeField(editable=False)
    # The id of the entry that this one undoes. Not a foreign key: both are deleted together with their job.
    undoes = models.BigIntegerField(null=True, editable=False)

    objects = JobStatusQuerySet.as_manager()

    class Meta:
        db_table = "job_status"
        constraints = [
            models.CheckConstraint(
                name="job_status_type_known", condition=models.Q(status_type__in=StatusType.values)
            )
        ]
        indexes = [
            # A job's history, newest first, and its cascading deletion
            models.Index(fields=["job", "id"], name="job_status_of_job")
        ]

    def __str__(self) -> str:
        return f"{self.status_type} since {self.timestamp:%Y-%m-%d %H:%M:%S}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Appends the entry and sets the job's status. Existing entries cannot be saved again."""
        if not self._state.adding:
            raise TypeError("The status history is append-only.")
        self.job.record_status(StatusType(self.status_type))
        newest = JobStatus.objects.of_job(self.job_id).latest("id")
        self.pk, self.timestamp = newest.pk, newest.timestamp
        self._state.adding = False

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("The status history is append-only.")
