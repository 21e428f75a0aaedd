"""Reads of jobs and their histories, and the querysets that refuse to bypass the history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, NoReturn

from django.db import connection, models

from jobs.statuses import StatusType

if TYPE_CHECKING:
    from jobs.models import Job, JobStatus  # noqa: F401  # named as text in the class lines

COUNT_CAP = 10_000
# Writers compact the counters as they append to them; a reader that sums more delta rows than this does so too.
COMPACT_ABOVE = 1_000

Relation = Literal["exact", "at_least"]


class Count(NamedTuple):
    """A count, and whether it is exact or a lower bound."""

    value: int
    relation: Relation = "exact"

    def at_least(self, seen: int) -> Count:
        """This count; a lower bound is raised to the number of rows `seen`."""
        return self if self.relation == "exact" else Count(max(self.value, seen), self.relation)


@dataclass(frozen=True)
class StatusCounts:
    """The number of jobs in each status: all numbers are exact, or all are lower bounds."""

    by_status: dict[StatusType, int]
    relation: Relation = "exact"

    def total(self, statuses: Collection[StatusType] = ()) -> Count:
        """The number of jobs in these statuses, or in all statuses by default."""
        wanted = set(statuses or self.by_status)
        number = sum(self.by_status[status] for status in wanted)
        return Count(
            min(number, COUNT_CAP) if self.relation == "at_least" else number, self.relation
        )


class JobRow(NamedTuple):
    """A job as the API and the pages show it.

    Timestamps are text as the API sends them: ISO 8601 in UTC, with microseconds and Z.
    """

    id: int
    name: str
    current_status: str
    created_at: str
    updated_at: str


def utc_text_sql(column: str) -> str:
    """A timestamp formatted by the database: parsing and formatting it in Python would be most of a page's cost."""
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"


# The columns of a JobRow, for any FROM item with the alias job.
JOB_ROW = (
    "job.id, job.name, job.current_status, "
    f"{utc_text_sql('job.created_at')}, {utc_text_sql('job.updated_at')}"
)


class JobReads:
    """Manager methods that read without the cost of building a queryset."""

    def row(self, job_id: int) -> JobRow | None:
        """The job, or None if it does not exist."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {JOB_ROW} FROM job WHERE id = %s", [job_id])
            row = cursor.fetchone()
        return JobRow._make(row) if row else None

    def counts(self) -> StatusCounts:
        """The exact number of jobs per status, from the counters: one query, independent of the number of jobs.

        Compacts the counters if they consist of more than COMPACT_ABOVE delta rows.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT status, n, summands FROM job_counts")
            rows = cursor.fetchall()
            if sum(delta_rows for *_, delta_rows in rows) > COMPACT_ABOVE:
                cursor.execute("SELECT job_count_fold()")
        numbers = {status: n for status, n, _ in rows}
        return StatusCounts({status: numbers.get(status, 0) for status in StatusType})


class JobQuerySet(models.QuerySet["Job"]):
    def update(self, **changes: object) -> int:
        if "current_status" in changes:
            raise TypeError(
                "The current status is set by record_status(), together with the history."
            )
        return super().update(**changes)

    def bulk_create(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError("A job is created together with its first status: use create_pending().")


class JobStatusQuerySet(models.QuerySet["JobStatus"]):
    def _refuse(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError("The status history is append-only.")

    update = delete = bulk_create = bulk_update = _refuse

    def of_job(self, job_id: int) -> JobStatusQuerySet:
        return self.filter(job_id=job_id)

    def with_end(self) -> JobStatusQuerySet:
        """Annotates `until`, the timestamp of the next entry; None for the current status."""
        later = self.model._default_manager.filter(
            job=models.OuterRef("job"), id__gt=models.OuterRef("id")
        )
        return self.annotate(until=models.Subquery(later.order_by("id").values("timestamp")[:1]))

    def capped_count(self) -> Count:
        """The number of entries, counted up to COUNT_CAP."""
        number = self.order_by()[: COUNT_CAP + 1].count()
        return Count(number) if number <= COUNT_CAP else Count(COUNT_CAP, "at_least")
