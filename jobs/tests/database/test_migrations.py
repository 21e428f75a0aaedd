from collections.abc import Callable, Iterator
from importlib import import_module
from io import StringIO
from threading import Event, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.transaction import atomic

from jobs.models import JobStatus
from jobs.sql import running
from jobs.statuses import StatusType
from jobs.tests.factories import FAILED, PENDING, RUNNING, database_rows, make_job
from jobs.tests.sql import catalog

pytestmark = pytest.mark.django_db


def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO(), verbosity=0)


def test_the_database_cascades_deletions() -> None:
    job = make_job(history=[RUNNING])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM job WHERE id = %s", [job.pk])
    assert not JobStatus.objects.exists()


def test_the_history_has_a_validated_foreign_key() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT confdeltype, convalidated FROM pg_constraint"
            " WHERE conrelid = 'job_status'::regclass AND contype = 'f'"
        )
        assert cursor.fetchall() == [("c", True)]


Migrate = Callable[[str], object]
SQUASHED = ("jobs", "0001_squashed_0016_append_only_history")

# The definitions of all database objects of the counters
COUNTER_DEFINITIONS = """
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
    """Migrates to the migration with this number; afterwards to the latest one."""
    names = {name[:4]: name for _, name in MigrationLoader(None).replacements[SQUASHED].replaces}
    yield lambda number: call_command("migrate", "jobs", names[number], verbosity=0)
    call_command("migrate", "jobs", verbosity=0)


def add_jobs(*statuses: StatusType) -> None:
    """Inserts jobs with the columns that exist since the first migration."""
    for status in statuses:
        database_rows(
            "INSERT INTO job (name, current_status, created_at, updated_at)"
            f" VALUES ('Simulation', '{status}', now(), now())"
        )


def counters() -> dict[str, int]:
    """The counters that are not zero."""
    return {status: n for status, n in database_rows("SELECT status, n FROM job_counts") if n}


def definitions() -> list[tuple[Any, ...]]:
    return sorted(database_rows(COUNTER_DEFINITIONS))


def test_the_counters_are_built_around_existing_jobs(migrate: Migrate) -> None:
    migrate("0001")
    add_jobs(PENDING, PENDING, RUNNING)
    migrate("0003")
    assert counters() == {"PENDING": 2, "RUNNING": 1}


def test_the_counters_migrate_forward_and_backward_with_the_same_numbers(migrate: Migrate) -> None:
    migrate("0003")
    with_deltas = definitions()
    migrate("0001")
    add_jobs(FAILED)
    migrate("0002")
    compacted = definitions()
    add_jobs(PENDING, RUNNING)  # delta rows in addition to the base rows
    migrate("0003")
    assert definitions() == with_deltas != compacted
    assert counters() == {"PENDING": 1, "RUNNING": 1, "FAILED": 1}
    add_jobs(PENDING)
    migrate("0002")
    assert definitions() == compacted
    assert counters() == {"PENDING": 2, "RUNNING": 1, "FAILED": 1}
    add_jobs(PENDING, RUNNING)
    database_rows("SELECT job_count_compact()")
    migrate("0003")
    assert counters() == {"PENDING": 3, "RUNNING": 2, "FAILED": 1}


VISIBLE_NAMES = import_module("jobs.migrations.0014_visible_names")
HIDDEN = ("\u200b", "\u3164 \u3164", "\u2800")


def add_named(*names: str) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO job (name, current_status, created_at, updated_at)"
            " VALUES (%s, 'PENDING', '2026-11-20', '2026-11-20')",
            [[name] for name in names],
        )


def is_validated() -> list[tuple[Any, ...]]:
    return database_rows(
        "SELECT convalidated FROM pg_constraint WHERE conname = 'job_name_visible'"
    )


@pytest.mark.parametrize("batch", [1, 2, 50_000])
def test_invisible_names_are_replaced_by_ids(
    migrate: Migrate, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(VISIBLE_NAMES, "BATCH", batch)
    migrate("0013")
    add_named("Wing", *HIDDEN, "\u200bTail")
    database_rows("DELETE FROM job_event")
    migrate("0014")
    jobs = database_rows("SELECT id, name, updated_at > '2026-11-21' FROM job ORDER BY id")
    renamed = [(f"Job {job}", True) for job, *_ in jobs[1:4]]
    assert [tuple(rest) for _, *rest in jobs] == [("Wing", False), *renamed, ("\u200bTail", False)]
    events = database_rows("SELECT job_id, name FROM job_event ORDER BY job_id")
    assert events == [(job, f"Job {job}") for job, *_ in jobs[1:4]]
    assert is_validated() == [(True,)]
    with pytest.raises(IntegrityError, match="job_name_visible"):
        add_named(HIDDEN[0])


def test_an_interrupted_migration_can_be_resumed(migrate: Migrate) -> None:
    """A process of the previous release wrote a name, and then the constraint was added."""
    migrate("0013")
    add_named(HIDDEN[0])
    database_rows(VISIBLE_NAMES.ADD)
    migrate("0014")
    assert is_validated() == [(True,)]
    [[job, name]] = database_rows("SELECT id, name FROM job")
    assert name == f"Job {job}"


def test_invisible_names_written_before_the_constraint_are_replaced(
    migrate: Migrate, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate("0013")
    late = (
        "INSERT INTO job (name, current_status, created_at, updated_at)"
        " VALUES ('\u200b', 'PENDING', now(), now())"
    )
    monkeypatch.setattr(VISIBLE_NAMES, "ADD", f"{late}; {VISIBLE_NAMES.ADD}")
    migrate("0014")
    [[job, name]] = database_rows("SELECT id, name FROM job")
    assert name == f"Job {job}"


def test_the_constraint_does_not_queue_for_its_lock(
    migrate: Migrate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a reader locks the table, the migration retries and lets others pass."""
    migrate("0013")
    retried, finished = Event(), Event()
    monkeypatch.setattr(VISIBLE_NAMES, "sleep", lambda _: retried.set())

    def run() -> None:
        migrate("0014")
        connection.close()
        finished.set()

    with atomic():
        database_rows("SELECT count(*) FROM job")
        thread = Thread(target=run)
        thread.start()
        assert retried.wait(60)
        assert not finished.is_set()
    thread.join(60)
    assert finished.is_set()
    assert is_validated() == [(True,)]


def test_the_history_becomes_append_only_beside_writers(
    migrate: Migrate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writers of any other table, and readers of all, do not delay the migration, and it does not delay them."""
    migrate("0015")
    finished = Event()
    pauses: list[float] = []
    monkeypatch.setattr(running, "sleep", pauses.append)

    def run() -> None:
        migrate("0016")
        connection.close()
        finished.set()

    with atomic():
        database_rows("SELECT * FROM job_counts, job_status")
        database_rows("LOCK TABLE job, job_count, job_activity, job_event IN ROW EXCLUSIVE MODE")
        thread = Thread(target=run)
        thread.start()
        assert finished.wait(60)
    thread.join(60)
    assert pauses == []


def test_a_moved_database_keeps_its_name_key(migrate: Migrate) -> None:
    """Its function may be that of an earlier version of PostgreSQL, and its keys are too."""
    migrate("0015")
    database_rows(
        "CREATE OR REPLACE FUNCTION job_name_key(name text) RETURNS text IMMUTABLE RETURN lower(name)"
    )
    body = "SELECT pg_get_functiondef('job_name_key'::regproc)"
    before = database_rows(body)
    migrate("0016")
    assert database_rows(body) == before
    migrate("0010")  # and drops the function


def test_a_database_at_any_migration_reaches_the_schema_of_a_new_one(migrate: Migrate) -> None:
    expected = catalog.definitions(database_rows)
    for number in range(15, 0, -1):
        migrate(f"{number:04}")
        call_command("migrate", verbosity=0)
        assert catalog.definitions(database_rows) == expected, number


def test_migrations_depend_on_the_last_replaced_one() -> None:
    """Not on the squashed one, or Django would not reverse them on the way back to a replaced one."""
    migrations = MigrationLoader(None, replace_migrations=False).disk_migrations.values()
    assert not [each.name for each in migrations if SQUASHED in each.dependencies]
