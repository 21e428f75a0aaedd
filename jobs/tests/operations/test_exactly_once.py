"""Two workers, broken statements and concurrent changes: each job is changed once, and nothing waits for long."""

from functools import partial
from threading import Event

import pytest
from django.db import OperationalError, connection, transaction

from jobs.models import Job
from jobs.operations import running
from jobs.operations.changes import cancel_operation, undo_operation
from jobs.operations.rows import State
from jobs.operations.running import run
from jobs.tests.blocking import waiting_session
from jobs.tests.conftest import Run
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import FAILED, PENDING, RUNNING, database_rows, fill, history_of
from jobs.tests.operations.conftest import Fixed, create, finished, numbers, start_batch, state_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_operations")]

HISTORIES = "SELECT DISTINCT count(*) FROM job_status GROUP BY job_id"


def test_two_workers_at_one_operation_change_each_job_once(at_once: Run) -> None:
    fill(200)
    operation = create()
    assert at_once(*[partial(run, operation.id)] * 3) == [True] * 3
    assert numbers(state_of(operation)) == (200, 200, 0, 0)
    assert database_rows(HISTORIES) == [(2,)]
    assert_consistent()


def test_two_operations_and_other_changes_at_once_do_not_deadlock(at_once: Run) -> None:
    ids = fill(120)
    operations = [create(status_type=status) for status in (RUNNING, FAILED)]
    # Each leaves alone what the other has changed first.
    works = [partial(run, each.id) for each in operations]

    def change() -> None:
        for job in reversed(ids):
            Job.objects.edit(job, name="Renamed")

    at_once(*works, change)
    assert [state_of(each).state for each in operations] == [State.COMPLETED] * 2
    total = sum(state_of(each).done for each in operations)
    assert database_rows("SELECT count(*) FROM job_status") == [(120 + total,)]
    assert {state_of(each).done + state_of(each).skipped for each in operations} == {120}


def test_a_statement_that_is_interrupted_has_changed_nothing(at_once: Run) -> None:
    """Canceled, when fewer jobs are tried, and its connection ended, in the middle of its work; then it goes on."""
    ids = fill(7)
    operation = create()
    start_batch(operation)
    for end in ("pg_cancel_backend", "pg_terminate_backend"):
        with transaction.atomic():
            database_rows(f"SELECT FROM job WHERE id = {ids[4]} FOR UPDATE")

            def interrupted() -> None:
                with pytest.raises(OperationalError):
                    run(operation.id)

            def interrupt(end: str = end) -> None:
                database_rows(f"SELECT {end}({waiting_session()})")

            at_once(interrupted, interrupt)
        assert numbers(state_of(operation)) == (7, 4, 0, 0)
        assert database_rows("SELECT count(*) FROM job_status") == [(11,)]
    assert numbers(finished(operation)) == (7, 7, 0, 0)
    assert database_rows(HISTORIES) == [(2,)]
    assert_consistent()


def test_cancellation_waits_for_the_batch_and_no_other_follows(
    at_once: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(30)
    operation = create()
    begun = Event()

    class Signal(Fixed):
        def adapt(self, seconds: float, taken: int) -> None:
            begun.set()

    def cancel() -> int:
        assert begun.wait(60)
        canceled = cancel_operation(operation.id)
        assert canceled
        return canceled.done

    monkeypatch.setattr(running, "Pace", lambda: Signal(size=3, scan=5))
    [_, done] = at_once(partial(run, operation.id), cancel)
    assert state_of(operation).done == done
    assert Job.objects.filter(current_status=FAILED).count() == done
    assert_consistent()


def test_an_undo_beside_changes_keeps_histories_consistent(at_once: Run) -> None:
    ids = fill(60)
    operation = finished(create())
    undo = undo_operation(operation.id)
    assert undo

    def change() -> None:
        for job in ids[::2]:
            Job.objects.record_status(job, RUNNING)

    at_once(partial(run, undo.id), partial(run, undo.id), change)
    undo = state_of(undo)
    assert undo.done + undo.skipped == 60
    for job in ids[1::2]:
        assert history_of(job) == [PENDING, FAILED, PENDING]
    for job in ids[::2]:
        assert history_of(job) in ([PENDING, FAILED, PENDING, RUNNING], [PENDING, FAILED, RUNNING])
    assert database_rows("SELECT count(*) FROM job_status WHERE undoes IS NOT NULL") == [
        (undo.done,)
    ]
    assert_consistent()


def test_a_job_that_changes_while_its_batch_waits_for_it_is_left_alone(at_once: Run) -> None:
    ids = fill(3)
    operation = create(q="status:pending")
    other = connection.copy()
    other.inc_thread_sharing()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute(
            "UPDATE job SET current_status = 'RUNNING', updated_at = clock_timestamp() WHERE id = %s",
            [ids[1]],
        )
        cursor.execute(
            'INSERT INTO job_status (job_id, status_type, "timestamp") SELECT id, current_status, updated_at FROM job WHERE id = %s',
            [ids[1]],
        )

    def commit() -> None:
        waiting_session()
        other.commit()
        other.close()

    at_once(partial(run, operation.id), commit)
    assert numbers(state_of(operation)) == (3, 2, 1, 0)
    assert history_of(ids[1]) == [PENDING, RUNNING]
    assert_consistent()
