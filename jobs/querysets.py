"""Reads of jobs and their histories, and the querysets that refuse to bypass the history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, NamedTuple, NoReturn, Self, TypeVar

from django.db import connection, models

from jobs.rows import JOB_ROW, JobRow
from jobs.statuses import StatusType

COUNT_CAP = 10_000
# Writers compact the counters as they append to them; a reader that sums more delta rows than this does so too.
COMPACT_COUNTS_ABOVE = 1_000

Relation = Literal["exact", "at_least"]
Model = TypeVar("Model", bound=models.Model, covariant=True)


class Count(NamedTuple):
    """A count, and whether it is exact or a lower bound."""

    value: int
    relation: Relation = "exact"

    def at_least(self, rows_read: int) -> Count:
        """This count; a lower bound is raised to the number of rows read."""
        return (
            self if self.relation == "exact" else Count(max(self.value, rows_read), self.relation)
        )


@dataclass(frozen=True)
class StatusCounts:
    """The number of jobs in each status: all numbers are exact, or all are lower bounds but `better`."""

    by_status: dict[StatusType, int]
    relation: Relation = "exact"
    better: tuple[frozenset[StatusType], Count] | None = None
    """The number of jobs in these statuses together, from a closer look."""

    def total(self, statuses: Collection[StatusType] | None = None) -> Count:
        """The number of jobs in these statuses, or in all statuses for None."""
        wanted = frozenset(self.by_status if statuses is None else statuses)
        number = sum(self.by_status[status] for status in wanted)
        if self.better:
            statuses, count = self.better
            if statuses == wanted:
                return count
            if statuses <= wanted:
                number = max(number, count.value)
        return Count(
            min(number, COUNT_CAP) if self.relation == "at_least" else number, self.relation
        )


class JobReads:
    """Manager methods that read without the cost of building a queryset."""

    def row(self, job_id: int) -> JobRow | None:
        """The job, or None if it does not exist."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {JOB_ROW} FROM job WHERE id = %s", [job_id])
            row = cursor.fetchone()
        return JobRow._make(row) if row else None

    def by_key(self, key: str) -> JobRow | None:
        """The job with this key, or None."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {JOB_ROW} FROM job WHERE key = %s", [key])
            row = cursor.fetchone()
        return JobRow._make(row) if row else None

    def id_of_key(self, key: str) -> int | None:
        """The id of the job with this key, or None."""
        job = self.by_key(key)
        return job and job.id

    def rows(self, ids: Collection[int]) -> dict[int, JobRow]:
        """Those of these jobs that exist, by id."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {JOB_ROW} FROM job WHERE id = ANY(%s)", [list(ids)])
            return {row[0]: JobRow._make(row) for row in cursor.fetchall()}

    def counts(self) -> StatusCounts:
        """The exact number of jobs per status, from the counters: one query, independent of the number of jobs.

        Compacts the counters if they consist of more than COMPACT_COUNTS_ABOVE delta rows.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT status, n, summands FROM job_counts")
            rows = cursor.fetchall()
            if sum(delta_rows for *_, delta_rows in rows) > COMPACT_COUNTS_ABOVE:
                cursor.execute("SELECT job_count_fold()")
        numbers = {status: n for status, n, _ in rows}
        return StatusCounts({status: numbers.get(status, 0) for status in StatusType})


class JobQuerySet(models.QuerySet[Model]):
    def update(self, **changes: object) -> int:
        if "current_status" in changes:
            raise TypeError(
                "The current status is set by record_status(), together with the history."
            )
        return super().update(**changes)

    def bulk_create(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError("A job is created together with its first status: use create_pending().")


class JobStatusQuerySet(models.QuerySet[Model]):
    def bulk_create(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError("Entries are appended together with the job's status: use record_status().")

    def of_job(self, job_id: int) -> Self:
        return self.filter(job_id=job_id)

    def capped_count(self) -> Count:
        """The number of entries, counted up to COUNT_CAP."""
        number = self.order_by()[: COUNT_CAP + 1].count()
        return Count(number) if number <= COUNT_CAP else Count(COUNT_CAP, "at_least")
