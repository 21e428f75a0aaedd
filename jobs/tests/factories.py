"""Factories for jobs, and database helpers."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from django.db import connection
from django.db.transaction import atomic

from jobs.models import Job
from jobs.statuses import StatusType
from jobs.tests.waiting import eventually

PENDING, RUNNING = StatusType.PENDING, StatusType.RUNNING
COMPLETED, FAILED = StatusType.COMPLETED, StatusType.FAILED

_numbers = count(1)


def make_job(
    name: str | None = None,
    status: StatusType = PENDING,
    history: Iterable[StatusType] | None = None,
) -> Job:
    """A job with `history` after its creation; by default, with `status` alone."""
    created = Job.objects.create_pending(name or f"Simulation {next(_numbers)}")
    job: Job = Job.objects.get(pk=created.id)
    for step in history if history is not None else [status] if status != PENDING else []:
        job.record_status(step)
    return job


def fill(number: int, *, name: str = "Sweep", at: datetime | None = None) -> list[int]:
    """Creates `number` PENDING jobs with the same name and time, by one statement; returns their ids."""
    sql = """
        WITH created AS (
            INSERT INTO job (name, current_status, created_at, updated_at)
            SELECT %(name)s, 'PENDING', moment, moment
            FROM coalesce(%(at)s, clock_timestamp()) AS moment, generate_series(1, %(number)s)
            RETURNING id, current_status, created_at
        ), history AS (
            INSERT INTO job_status (job_id, status_type, "timestamp") SELECT * FROM created
        )
        SELECT id FROM created ORDER BY id
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"number": number, "name": name, "at": at})
        return [job_id for (job_id,) in cursor.fetchall()]


def history_of(job: Job | int) -> list[str]:
    """A job's statuses, oldest first."""
    job_id = job if isinstance(job, int) else job.pk
    rows: Any = Job.objects.get(pk=job_id).statuses.order_by("id")
    return list(rows.values_list("status_type", flat=True))


def database_rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
    return rows


def rewrite_history(sql: str, params: Sequence[Any] = ()) -> None:
    """Changes entries of the append-only history, with the trigger that refuses it disabled meanwhile.

    Only the owner of the table can do this.
    """
    with atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE job_status DISABLE TRIGGER job_status_no_update")
        cursor.execute(sql, params)
        cursor.execute("ALTER TABLE job_status ENABLE TRIGGER job_status_no_update")


def wait_until_final() -> None:
    """Waits until the change feed can return all committed events: no older transaction of the cluster is running."""
    [(latest,)] = database_rows("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
    # A turn is the number of the era above that of a transaction.
    transaction = "SELECT job_feed_open_turn() & (1::bigint << 44) - 1"
    eventually(lambda: database_rows(transaction)[0][0] > latest)
