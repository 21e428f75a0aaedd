"""Job and its status history: fields, constraints, indexes, and the verbs that change them.

The current status on the job and the newest row of its history are written by one statement, so that
no reader and no crash can see one without the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection, models

from jobs.bulk import Change, Outcome, change_jobs
from jobs.names import VISIBLE_IN_DATABASE
from jobs.querysets import JOB_ROW, JobQuerySet, JobQuestions, JobRow, JobStatusQuerySet
from jobs.statuses import StatusType
from jobs.undo import undo_status
from jobs.versions import OtherVersion, Versions, is_meant_sql

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

MEANT = is_meant_sql("job")

# The update comes first: its row lock makes two changes of one job wait for each other, and the time and
# the id of the history row are taken inside it. greatest(): a clock set back must not turn history round, and no
# two states of a job share their updated_at, by which an undo knows the state it was asked for.
RECORD_STATUS = f"""
WITH changed AS (
    UPDATE job
    SET current_status = %(status)s,
        name = coalesce(%(name)s, name),
        updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')
    WHERE id = %(id)s AND {MEANT}
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
WHERE id = %(id)s AND {MEANT}
RETURNING {JOB_ROW}
"""

REMOVE = f"DELETE FROM job WHERE id = %(id)s AND {MEANT} RETURNING {JOB_ROW}"


JobQueries = models.Manager.from_queryset(JobQuerySet)


class JobManager(JobQuestions, JobQueries["Job"]):
    """The verbs that need no loaded job: one statement each. None, or False, where there is no such job.

    Where `versions` are given the job must be in one of them: OtherVersion where it is there in another.
    """

    def create_pending(self, name: str) -> JobRow:
        """Insert a job and its first status, PENDING."""
        return self._one(CREATE, name=name)  # type: ignore[return-value]  # an insert always returns its row

    def record_status(
        self,
        job_id: int,
        status: StatusType,
        name: str | None = None,
        versions: Versions | None = None,
    ) -> JobRow | None:
        """Append to the history and move the job there, renaming it too where a name is given.

        Locks the job's row until the statement ends; always appends, also the status it already has.
        """
        return self._meant(RECORD_STATUS, job_id, versions, status=status.value, name=name)

    def rename(self, job_id: int, name: str, versions: Versions | None = None) -> JobRow | None:
        return self._meant(RENAME, job_id, versions, name=name)

    def change(self, changes: Sequence[Change]) -> list[Outcome]:
        """Each job as its change asks for, all by one statement; one outcome for each, in their order.

        No job may be named twice. What is missing or has changed since keeps none of the others.
        """
        return change_jobs(changes)

    def remove(self, job_id: int, versions: Versions | None = None) -> bool:
        """Delete the job, its history with it; whether there was one."""
        return self._meant(REMOVE, job_id, versions) is not None

    def undo_status(
        self, job_id: int, seen: datetime, versions: Versions | None = None
    ) -> JobRow | None:
        """Take back the newest status change by its opposite; raises UndoRefused unless updated_at is still `seen`."""
        return undo_status(job_id, seen, versions)

    def _meant(
        self, sql: str, job_id: int, versions: Versions | None, **params: str | None
    ) -> JobRow | None:
        meant = None if versions is None else list(versions)
        row = self._one(sql, id=job_id, versions=meant, **params)
        if row is None and meant is not None and self.row(job_id):
            raise OtherVersion
        return row

    def _one(self, sql: str, **params: int | str | list[str] | None) -> JobRow | None:
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
    # The name as it is sorted and searched, whatever its case and its encoding (job_name_key). A column, so that an index alone can answer both.
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
            # The list without a filter, by each of its orderings
            models.Index(fields=["created_at", "id"], name="job_by_created"),
            models.Index(fields=["updated_at", "id"], name="job_by_updated"),
            models.Index(fields=["name_key", "id"], name="job_by_name"),
            # The list of one status, by each of its orderings
            models.Index(
                fields=["current_status", "created_at", "id"], name="job_by_status_created"
            ),
            models.Index(
                fields=["current_status", "updated_at", "id"], name="job_by_status_updated"
            ),
            models.Index(fields=["current_status", "name_key", "id"], name="job_by_status_name"),
            # Part of the name. A pending list of 1 MB: larger ones stall a single create for 0.2 s
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
        """Create with the first status, or rename; the status itself moves only through record_status()."""
        if self._state.adding:
            self._take(Job.objects.create_pending(self.name))
            self._state.adding = False
        else:
            self._take(Job.objects.rename(self.pk, self.name))

    def record_status(self, status: StatusType) -> None:
        """Append to the history and take over the row as the database now has it.

        Raises Job.DoesNotExist when the job has been deleted meanwhile.
        """
        self._take(Job.objects.record_status(self.pk, status))

    def _take(self, row: JobRow | None) -> None:
        if row is None:
            raise Job.DoesNotExist(f"Job {self.pk} has been deleted.")
        self.id, self.name, self.current_status, created_at, updated_at = row
        self.created_at = datetime.fromisoformat(created_at)
        self.updated_at = datetime.fromisoformat(updated_at)
        self._state.db = connection.alias


class JobStatus(models.Model):
    """One entry of a job's history: it entered this status at this time. Never changed once written."""

    # The database cascades (jobs.migrations): row by row in Python a long history would take its time.
    job = models.ForeignKey(
        Job, models.DO_NOTHING, related_name="statuses", db_constraint=False, db_index=False
    )
    status_type = models.CharField(max_length=16, choices=StatusType.choices)
    timestamp = models.DateTimeField(editable=False)
    # The id of the entry that this one takes back, the one before it. No constraint: both go with their job.
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
            # A job's history newest first, and the cascade of its deletion
            models.Index(fields=["job", "id"], name="job_status_of_job")
        ]

    def __str__(self) -> str:
        return f"{self.status_type} since {self.timestamp:%Y-%m-%d %H:%M:%S}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append: the job moves with it. An entry that exists cannot be rewritten."""
        if not self._state.adding:
            raise TypeError("The status history is append-only.")
        self.job.record_status(StatusType(self.status_type))
        newest = JobStatus.objects.of_job(self.job_id).latest("id")
        self.pk, self.timestamp = newest.pk, newest.timestamp
        self._state.adding = False

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("The status history is append-only.")
