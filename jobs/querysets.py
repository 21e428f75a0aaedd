"""Every question asked of the database, by name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, NoReturn

from django.db import connection, models

from jobs.statuses import StatusType

if TYPE_CHECKING:
    from jobs.models import Job, JobStatus  # noqa: F401  # named as text in the class lines

COUNT_CAP = 10_000
# Writers fold the counters as they go; a reader who still meets more summands than this does it too.
FOLD_PAST = 1_000

Relation = Literal["exact", "at_least"]


class Count(NamedTuple):
    """A number that says how far it can be trusted."""

    value: int
    relation: Relation = "exact"

    def no_less_than(self, seen: int) -> Count:
        """A lower bound raised to what has been seen; what is exact stays."""
        return self if self.relation == "exact" else Count(max(self.value, seen), self.relation)


@dataclass(frozen=True)
class StatusCounts:
    """How many jobs are in each status; all of them exact, or all of them lower bounds."""

    by_status: dict[StatusType, int]
    relation: Relation = "exact"

    def total(self, statuses: Collection[StatusType] = ()) -> Count:
        """The jobs in the statuses, in all of them where none is given."""
        wanted = set(statuses or self.by_status)
        number = sum(self.by_status[status] for status in wanted)
        return Count(
            min(number, COUNT_CAP) if self.relation == "at_least" else number, self.relation
        )


class JobRow(NamedTuple):
    """A job as it is shown; its times as the wire has them: ISO 8601 in UTC, microseconds, Z."""

    id: int
    name: str
    current_status: str
    created_at: str
    updated_at: str


def utc_text_sql(column: str) -> str:
    """Formatted by the database: parsing times into objects and printing them again is most of a page's cost."""
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"


# The columns of a JobRow, from whatever is called job.
JOB_ROW = (
    "job.id, job.name, job.current_status, "
    f"{utc_text_sql('job.created_at')}, {utc_text_sql('job.updated_at')}"
)


class JobQuestions:
    """The manager's part that asks without the making of a queryset."""

    def row(self, job_id: int) -> JobRow | None:
        """The job as it is shown; None where there is none."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {JOB_ROW} FROM job WHERE id = %s", [job_id])
            row = cursor.fetchone()
        return JobRow._make(row) if row else None

    def counts(self) -> StatusCounts:
        """Exact jobs per status, from the counters: one query, whatever the number of jobs.

        Folds the counters when many changes have gathered in them.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT status, n, summands FROM job_counts")
            rows = cursor.fetchall()
            if sum(summands for *_, summands in rows) > FOLD_PAST:
                cursor.execute("SELECT job_count_fold()")
        numbers = {status: n for status, n, _ in rows}
        return StatusCounts({status: numbers.get(status, 0) for status in StatusType})


class JobQuerySet(models.QuerySet["Job"]):
    def update(self, **changes: object) -> int:
        if "current_status" in changes:
            raise TypeError("The current status follows the history: use record_status().")
        return super().update(**changes)

    def bulk_create(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError("A job begins with its first status: use create_pending().")


class JobStatusQuerySet(models.QuerySet["JobStatus"]):
    def _refuse(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError("The status history is append-only.")

    update = delete = bulk_create = bulk_update = _refuse

    def of_job(self, job_id: int) -> JobStatusQuerySet:
        """A job's history."""
        return self.filter(job_id=job_id)

    def with_end(self) -> JobStatusQuerySet:
        """With `until`, when the next status began; None for the one that lasts."""
        later = self.model._default_manager.filter(
            job=models.OuterRef("job"), id__gt=models.OuterRef("id")
        )
        return self.annotate(until=models.Subquery(later.order_by("id").values("timestamp")[:1]))

    def capped_count(self) -> Count:
        """The number of entries from a scan of at most COUNT_CAP of them."""
        number = self.order_by()[: COUNT_CAP + 1].count()
        return Count(number) if number <= COUNT_CAP else Count(COUNT_CAP, "at_least")
