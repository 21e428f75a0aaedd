"""Changes of one job, one statement each.

A statement writes a job's current status and the newest row of its history, so no reader sees one without the other
and no crash separates them.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from jobs.changes.conflicts import KeyTaken, TooManyLabels, constraint_of
from jobs.changes.reports import NO_REPORT, REPORT_COLUMNS, REPORT_VALUES, Report
from jobs.changes.values import changed_sql, given, new_sql
from jobs.changes.versions import VersionMismatch, Versions, version_matches_sql
from jobs.querysets import JobReads
from jobs.rows import JOB_COLUMNS, JOB_ROW, JobRow
from jobs.statuses import StatusType

# Without a value they are left to their defaults, so that creating a job without them costs nothing more.
OPTIONAL: Final = frozenset({"key", "labels"})
# A constraint can refuse their values, depending on the job or on others.
CONSTRAINED: Final = OPTIONAL
VERSION_MATCHES = version_matches_sql("job")


@cache
def create_sql(columns: tuple[str, ...]) -> str:
    """Inserts a job with these writable columns, and its first status. The others get their defaults.

    Returns no row if another job has the key: an error would end the transaction that the request may be in.
    """
    on_conflict = "ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING" if "key" in columns else ""
    return f"""
WITH moment AS (SELECT clock_timestamp() AS at),
created AS (
    INSERT INTO job ({", ".join(columns)}, current_status, created_at, updated_at)
    SELECT {", ".join(new_sql(name, parameter(name)) for name in columns)}, '{StatusType.PENDING}', at, at FROM moment
    {on_conflict}
    RETURNING {JOB_COLUMNS}
),
history AS (
    INSERT INTO job_status (job_id, status_type, "timestamp", {REPORT_COLUMNS})
    SELECT id, current_status, created_at, {REPORT_VALUES} FROM created
)
SELECT {JOB_ROW} FROM created AS job
"""


@cache
def edit_sql(columns: tuple[str, ...], returned: str = JOB_ROW) -> str:
    """Sets these columns.

    Its row lock serializes concurrent changes of one job. greatest() keeps the history in order if the clock is set back,
    and makes updated_at unique among the states of a job: an undo identifies the state to undo by it.
    """
    return f"""
UPDATE job
SET {"".join(f"{name} = {changed_sql(name, parameter(name))}, " for name in columns)}
    updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')
WHERE id = %(id)s AND {VERSION_MATCHES}
RETURNING {returned}
"""


@cache
def record_status_sql(columns: tuple[str, ...]) -> str:
    """Sets these columns, of which current_status is one, and appends the status to the history.

    The update comes first: the timestamp and the id of the history row are taken while the job's row is locked.
    """
    return f"""
WITH changed AS ({edit_sql(columns, JOB_COLUMNS)}),
history AS (
    INSERT INTO job_status (job_id, status_type, "timestamp", {REPORT_COLUMNS})
    SELECT id, current_status, updated_at, {REPORT_VALUES} FROM changed
)
SELECT {JOB_ROW} FROM changed AS job
"""


def parameter(column: str) -> str:
    return f"%({column})s"


REMOVE = "SELECT is_deleted FROM job_delete(%s, %s, %s)"


class JobChanges(JobReads):
    """Manager methods that change a job without loading it. They return None or False if it does not exist.

    If `versions` is given, the job's version must be among them; otherwise they raise VersionMismatch. Values of columns are
    as clients send them: labels are a merge patch. They raise KeyTaken and TooManyLabels.
    """

    def create_pending(self, name: str, report: Report = NO_REPORT, **values: Any) -> JobRow:
        """Inserts a job with these writable columns, and its first status, PENDING."""
        values = {
            "name": name,
            **{name: v for name, v in values.items() if v or name not in OPTIONAL},
        }
        while True:
            job = self._fetch(create_sql(tuple(values)), **given(values), **report._asdict())
            if job is not None:
                return job
            # The other job may have been deleted meanwhile.
            if (other := self.id_of_key(values["key"])) is not None:
                raise KeyTaken(other)

    def record_status(
        self,
        job_id: int,
        status: StatusType,
        versions: Versions | None = None,
        report: Report = NO_REPORT,
        **values: Any,
    ) -> JobRow | None:
        """Sets the job's status and appends it to the history; with `values`, also sets these writable columns.

        Appends an entry even if the job already has this status. Locks the job's row until the statement ends.
        """
        values["current_status"] = status.value
        sql = record_status_sql(tuple(values))
        return self._if_version(sql, job_id, versions, **values, **report._asdict())

    def edit(self, job_id: int, versions: Versions | None = None, **values: Any) -> JobRow | None:
        """Sets writable columns."""
        return self._if_version(edit_sql(tuple(values)), job_id, versions, **values)

    def remove(self, job_id: int, versions: Versions | None = None) -> bool:
        """Moves the job and its history into the trash, or deletes them for good if there is none.

        Returns whether it existed.
        """
        accepted = None if versions is None else list(versions) or [""]  # no job has this version
        with connection.cursor() as cursor:
            ids = [job_id] * len(accepted or [""])
            cursor.execute(REMOVE, [ids, settings.TRASH_DAYS > 0, accepted])
            found = cursor.fetchone()
        if found is not None and not found[0]:
            raise VersionMismatch
        return found is not None

    def _if_version(
        self, sql: str, job_id: int, versions: Versions | None, **params: Any
    ) -> JobRow | None:
        expected = None if versions is None else list(versions)
        row = self._checked(sql, id=job_id, versions=expected, **given(params))
        if row is None and expected is not None and self.row(job_id):
            raise VersionMismatch
        return row

    def _checked(self, sql: str, **params: Any) -> JobRow | None:
        """As `_fetch`. A constraint that refuses a value is checked last, when the job's row is locked."""
        if not CONSTRAINED & params.keys():
            return self._fetch(sql, **params)
        while True:
            try:
                with transaction.atomic():
                    return self._fetch(sql, **params)
            except IntegrityError as error:
                match constraint_of(error):
                    case "job_labels_few":
                        raise TooManyLabels from error
                    case "job_key":
                        if (other := self.id_of_key(params["key"])) is not None:
                            raise KeyTaken(other) from error
                    case _:
                        raise

    def _fetch(self, sql: str, **params: Any) -> JobRow | None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            row = cursor.fetchone()
        return JobRow._make(row) if row else None
