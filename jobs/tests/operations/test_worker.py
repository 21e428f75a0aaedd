"""Real worker processes: killed, stopped, doubled and cut off from the database, each job is changed once."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from jobs.models import Job
from jobs.operations.changes import cancel_operation
from jobs.operations.rows import OperationRow, State, worker_is_alive
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import FAILED, database_rows, fill
from jobs.tests.operations.conftest import create, numbers, start_batch, state_of
from jobs.tests.served import database_url
from jobs.tests.waiting import eventually
from project import worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_operations")]

JOBS = 3_000
# Behind the first batch, and far from the end
IN_THE_WAY = 1_000
HISTORIES = "SELECT DISTINCT count(*) FROM job_status GROUP BY job_id"
WAITING = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'jobs-worker' AND wait_event_type = 'Lock'
        AND query LIKE '%operation%'
"""
SESSIONS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'jobs-worker'"
TASKS = "SELECT status::text FROM procrastinate_jobs WHERE task_name = 'run_operation'"
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path, no_operations: None) -> Iterator[Start]:
    """Starts a worker on the tests' database."""
    started: list[subprocess.Popen[bytes]] = []

    def run(module: str = "project.worker", *words: str) -> "subprocess.Popen[bytes]":
        with (tmp_path / f"worker-{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                cwd=settings.BASE_DIR,
                env={**os.environ, "DATABASE_URL": database_url(), "SECRET_KEY": "x"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def blocked(ids: list[int]) -> Iterator[None]:
    """An operation that has begun waits in the middle of a batch, within this context."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT FROM job WHERE id = %s FOR UPDATE", [ids[IN_THE_WAY]])
        yield
    finally:
        other.rollback()
        other.close()


def workers_wait(number: int = 1) -> None:
    eventually(lambda: len(database_rows(WAITING)) == number)


def completed(operation: OperationRow) -> OperationRow:
    eventually(lambda: state_of(operation).state == State.COMPLETED)
    return state_of(operation)


def is_exact(operation: OperationRow) -> None:
    assert numbers(completed(operation)) == (JOBS, JOBS, 0, 0)
    assert database_rows(HISTORIES) == [(2,)]
    assert Job.objects.filter(current_status=FAILED).count() == JOBS
    assert_consistent()


def forget_progress() -> None:
    """As if time had passed since the last batch."""
    database_rows("UPDATE operation SET progress_at = progress_at - interval '1 minute'")


def test_a_worker_runs_what_waits_and_what_comes(start: Start) -> None:
    fill(JOBS)
    operation = create()
    assert not worker_is_alive()
    process = start()
    is_exact(operation)
    assert worker_is_alive()
    assert numbers(completed(create(status_type="RUNNING"))) == (JOBS, JOBS, 0, 0)
    eventually(lambda: database_rows(TASKS) == [])
    process.terminate()
    assert process.wait(60) == 0
    assert not worker_is_alive()


def test_another_worker_continues_after_a_kill(start: Start) -> None:
    ids = fill(JOBS)
    operation = create()
    with blocked(ids):
        process = start()
        workers_wait()
        process.kill()
        process.wait(60)
        assert 0 < state_of(operation).done < JOBS
    # The server finishes the batch that it was in.
    eventually(lambda: database_rows(SESSIONS) == [])
    assert state_of(operation).state == State.RUNNING
    forget_progress()
    start()
    is_exact(operation)


def test_a_worker_that_starts_goes_on_with_what_another_has_just_left() -> None:
    fill(9)
    operation = create()
    start_batch(operation)
    database_rows("DELETE FROM procrastinate_jobs")
    database_rows("UPDATE operation SET progress_at = progress_at - interval '5 s'")
    worker._sweep()
    assert database_rows(TASKS) == [("todo",)]


def test_a_worker_stops_between_two_batches_and_leaves_the_rest_to_another(start: Start) -> None:
    ids = fill(JOBS)
    operation = create()
    with blocked(ids):
        process = start()
        workers_wait()
        process.terminate()
        # It has been told once the first of its two parts, which has nothing to do, has gone.
        eventually(lambda: len(database_rows("SELECT id FROM procrastinate_workers")) == 1)
    assert process.wait(60) == 0
    left = state_of(operation)
    assert left.state == State.RUNNING
    assert 0 < left.done < JOBS
    assert ("todo",) in database_rows(TASKS)
    start()
    is_exact(operation)


def test_two_workers_at_the_same_operation(start: Start) -> None:
    """As after a task that was taken for lost."""
    ids = fill(JOBS)
    operation = create()
    with blocked(ids):
        start()
        workers_wait()
        database_rows(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            f" VALUES ('operations', 'run_operation', '{{\"operation_id\": {operation.id}}}')"
        )
        start()
        workers_wait(2)
    is_exact(operation)


def test_nothing_changes_after_cancellation(start: Start) -> None:
    ids = fill(JOBS)
    operation = create()
    with blocked(ids):
        start()
        workers_wait()
    canceled = cancel_operation(operation.id)
    assert canceled
    eventually(lambda: database_rows(TASKS) == [])
    assert state_of(operation).done == canceled.done
    assert Job.objects.filter(current_status=FAILED).count() == canceled.done
    assert_consistent()


def test_a_worker_that_loses_the_database_is_started_again(start: Start) -> None:
    ids = fill(JOBS)
    operation = create()
    with blocked(ids):
        supervisor = start("project.local.supervisor", "worker")
        workers_wait()
        ended = database_rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE 'jobs%' AND pid <> pg_backend_pid()"
        )
        assert len(ended) >= 3
        forget_progress()
    is_exact(operation)
    supervisor.terminate()
    assert supervisor.wait(60) == 0
    assert not worker_is_alive()
