"""Lost operations are found, and what has expired is removed."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError
from pytest_django import Settings

from jobs.operations import maintenance
from jobs.operations.changes import cancel_operation
from jobs.operations.maintenance import maintain
from jobs.operations.rows import Action
from jobs.operations.tasks import sweep_lost, wake_worker
from jobs.tests.consistency import assert_counters_exact
from jobs.tests.factories import database_rows, fill, make_job
from jobs.tests.operations.conftest import create, finished, start_batch

pytestmark = pytest.mark.django_db

TASKS = "SELECT queueing_lock, status::text FROM procrastinate_jobs ORDER BY id"
TAKE = "UPDATE procrastinate_jobs SET status = 'doing'"


def wait_for_nothing() -> None:
    """As if the operations had made no progress for a minute."""
    database_rows(
        "UPDATE operation SET created_at = created_at - interval '1 min', progress_at = progress_at - interval '1 min'"
    )


def test_an_operation_whose_task_is_lost_gets_another() -> None:
    operation = create()
    name = f"operation-{operation.id}"
    wait_for_nothing()
    assert sweep_lost() == []  # it waits for a worker
    database_rows(TAKE)
    assert sweep_lost() == [operation.id]  # its worker has died before it began
    assert database_rows(TASKS) == [(name, "doing"), (name, "todo")]
    assert sweep_lost() == []


def test_a_running_operation_is_lost_when_it_makes_no_progress() -> None:
    fill(9)
    operation = create()
    start_batch(operation)
    database_rows("DELETE FROM procrastinate_jobs")
    assert sweep_lost() == []
    wait_for_nothing()
    assert sweep_lost() == [operation.id]
    finished(operation)
    database_rows("DELETE FROM procrastinate_jobs")
    wait_for_nothing()
    assert sweep_lost() == []


def test_a_worker_is_woken_once() -> None:
    operation = create()
    wake_worker(operation.id)
    assert len(database_rows(TASKS)) == 1


def test_old_operations_are_forgotten_with_their_rows(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "BATCH", 2)
    for _ in range(5):
        make_job("x wing")
    make_job("x")
    old = finished(create("rename", find="x", replace=""))
    kept = finished(create("rename", find="wing", replace="tail"))
    waiting = create("delete")
    assert Action(waiting.action) == Action.DELETE
    database_rows(
        f"UPDATE operation SET finished_at = finished_at - interval '91 days' WHERE id = {old.id}"
    )
    settings.OPERATION_DAYS = 0
    assert maintain()["operations"] == 0
    settings.OPERATION_DAYS = 90
    assert maintain()["operations"] == 1
    assert database_rows("SELECT id FROM operation ORDER BY id") == [(kept.id,), (waiting.id,)]
    assert database_rows("SELECT DISTINCT operation_id FROM operation_before") == [(kept.id,)]
    assert database_rows("SELECT * FROM operation_failure") == []


def test_counters_are_compacted_and_stay_exact() -> None:
    for _ in range(20):
        make_job()
    database_rows("SELECT count(*) FROM job_count")
    maintain()
    assert database_rows("SELECT count(*) FROM job_count") == [(1,)]
    assert_counters_exact()


def test_expired_records_receipts_and_tasks_are_deleted() -> None:
    for state in ("now()", "now() - interval '1 min'"):
        database_rows(
            "INSERT INTO kept_answer (key, request, status, headers, body, expires_at)"
            f" VALUES (sha256('{state.replace(chr(39), '')}'), '', 200, '{{}}', '', {state} + interval '1 s')"
        )
        database_rows(
            "INSERT INTO export_receipt (id, jobs, bytes, sha256, expires_at)"
            f" VALUES (gen_random_uuid(), 1, 1, '', {state} + interval '1 s')"
        )
    cancel_operation(create().id)
    database_rows("UPDATE procrastinate_jobs SET status = 'failed'")
    removed = maintain()
    assert removed["idempotency records"] >= 1
    assert (removed["export receipts"], removed["tasks"]) == (1, 0)
    database_rows("UPDATE procrastinate_events SET at = at - interval '8 days'")
    assert maintain()["tasks"] == 1
    assert database_rows("SELECT * FROM procrastinate_events") == []


def test_the_command_says_what_was_removed() -> None:
    said = StringIO()
    call_command("maintain", stdout=said)
    assert "operations: 0 rows removed" in said.getvalue()


def test_maintenance_stops_when_it_is_told() -> None:
    assert maintain(lambda: True) == {"counters": 0}


def test_a_step_that_fails_does_not_keep_the_others_from_being_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> maintenance.Done:
        raise OperationalError("too long")

    done = []

    def work() -> maintenance.Done:
        done.append("tasks")
        return maintenance.Done(1, is_all=True)

    monkeypatch.setattr(maintenance, "STEPS", {"trash": fail, "tasks": work})
    with pytest.raises(OperationalError, match="too long"):
        maintain()
    assert done == ["tasks"]
