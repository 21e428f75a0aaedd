from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from jobs.models import JobStatus
from jobs.statuses import StatusType
from jobs.tests.factories import FAILED, PENDING, RUNNING, database_rows, make_job

pytestmark = pytest.mark.django_db


def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO(), verbosity=0)


def test_the_database_itself_cascades_a_deletion() -> None:
    job = make_job(history=[RUNNING])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM job WHERE id = %s", [job.pk])
    assert not JobStatus.objects.exists()


def test_the_database_holds_no_history_without_a_job() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT confdeltype, convalidated FROM pg_constraint"
            " WHERE conrelid = 'job_status'::regclass AND contype = 'f'"
        )
        assert cursor.fetchall() == [("c", True)]


Migrate = Callable[[str], object]

# All that makes the counters, as the database describes it
COUNTERS_AS_BUILT = """
    SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE 'job_count%'
    UNION ALL
    SELECT relname, concat(relkind, reloptions, pg_get_viewdef(oid, true)) FROM pg_class
    WHERE relname LIKE 'job_count%'
    UNION ALL
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname LIKE 'job_count%'
    UNION ALL
    SELECT concat(table_name, '.', column_name), concat(data_type, ordinal_position, is_nullable)
    FROM information_schema.columns WHERE table_name LIKE 'job_count%'
    UNION ALL
    SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE 'job_count%'
"""


@pytest.fixture
def migrate(transactional_db: None) -> Iterator[Migrate]:
    """To the migration of that number; in the end to the last one again."""
    yield lambda number: call_command("migrate", "jobs", number, verbosity=0)
    call_command("migrate", "jobs", verbosity=0)


def add_jobs(*statuses: StatusType) -> None:
    """By the columns that a job has had from the first migration on."""
    for status in statuses:
        database_rows(
            "INSERT INTO job (name, current_status, created_at, updated_at)"
            f" VALUES ('Simulation', '{status}', now(), now())"
        )


def counters() -> dict[str, int]:
    """The statuses that any job is in."""
    return {status: n for status, n in database_rows("SELECT status, n FROM job_counts") if n}


def as_built() -> list[tuple[Any, ...]]:
    return sorted(database_rows(COUNTERS_AS_BUILT))


def test_the_counters_are_built_around_existing_jobs(migrate: Migrate) -> None:
    migrate("0001")
    add_jobs(PENDING, PENDING, RUNNING)
    migrate("0003")
    assert counters() == {"PENDING": 2, "RUNNING": 1}


def test_the_counters_become_self_folding_and_back_with_the_same_numbers(migrate: Migrate) -> None:
    self_folding = as_built()
    migrate("0001")
    add_jobs(FAILED)
    migrate("0002")
    compacted = as_built()
    add_jobs(PENDING, RUNNING)  # deltas, beside the base
    migrate("0003")
    assert as_built() == self_folding != compacted
    assert counters() == {"PENDING": 1, "RUNNING": 1, "FAILED": 1}
    add_jobs(PENDING)
    migrate("0002")
    assert as_built() == compacted
    assert counters() == {"PENDING": 2, "RUNNING": 1, "FAILED": 1}
    add_jobs(PENDING, RUNNING)
    database_rows("SELECT job_count_compact()")
    migrate("0003")
    assert counters() == {"PENDING": 3, "RUNNING": 2, "FAILED": 1}
