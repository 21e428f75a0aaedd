"""Every question asked of the database, by name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, NoReturn

from django.db import connection, models
from django.db.models.functions import Lower

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
    """A job as lists read it; `name_key` is the name as it is sorted, blind to case."""

    id: int
    name: str
    current_status: str
    created_at: datetime
    updated_at: datetime
    name_key: str


class JobQuerySet(models.QuerySet["Job"]):
    def for_list(self) -> JobQuerySet:
        """With what lists sort by; read as the columns of JobRow."""
        return self.annotate(name_key=Lower("name"))

    def in_status(self, status: StatusType) -> JobQuerySet:
        return self.filter(current_status=status)

    def search(self, term: str) -> JobQuerySet:
        """Jobs whose name contains the term, whatever the case; the trigram index serves it from three letters."""
        return self.filter(NameContains(Lower("name"), name_pattern(term)))

    def update(self, **changes: object) -> int:
        if "current_status" in changes:
            raise TypeError("The current status follows the history: use record_status().")
        return super().update(**changes)

    def bulk_create(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError("A job begins with its first status: use create_pending().")

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

    def capped_counts(self) -> StatusCounts:
        """Jobs per status in this queryset from one scan of at most COUNT_CAP rows; lower bounds past it."""
        sample = self.order_by().values("current_status")[: COUNT_CAP + 1]
        sql, params = sample.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT current_status, count(*) FROM ({sql}) AS sample GROUP BY 1",  # noqa: S608  # compiled by the ORM
                params,
            )
            numbers = dict(cursor.fetchall())
        counts = {status: numbers.get(status, 0) for status in StatusType}
        if sum(counts.values()) <= COUNT_CAP:
            return StatusCounts(counts)
        return StatusCounts(counts, "at_least")


def name_pattern(term: str) -> str:
    """The LIKE pattern of names that contain the term, in the term's own case."""
    escaped = term.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


class NameContains(models.Func):
    """`name_key LIKE '%term%'` with the term lowered by the database, by the rules that lowered the name."""

    output_field = models.BooleanField()
    template = "%(expressions)s"
    arg_joiner = " LIKE "

    def __init__(self, key: models.Expression, pattern: str) -> None:
        value = models.Value(pattern, output_field=models.CharField())
        super().__init__(key, models.Func(Collated(value), function="LOWER"))


class Collated(models.Func):
    """Text in the collation of the name column."""

    template = '%(expressions)s COLLATE "pg_c_utf8"'


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
