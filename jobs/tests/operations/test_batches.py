"""What each action does, in batches of three jobs, and what it leaves alone."""

from typing import Any

import pytest

from jobs.models import Job
from jobs.operations.changes import (
    AlreadyFinished,
    cancel_operation,
)
from jobs.operations.rows import State
from jobs.operations.running import run
from jobs.tests.consistency import assert_counters_exact
from jobs.tests.factories import (
    COMPLETED,
    FAILED,
    PENDING,
    RUNNING,
    database_rows,
    fill,
    history_of,
    make_job,
)
from jobs.tests.operations.conftest import create, finished, numbers, start_batch, state_of

pytestmark = pytest.mark.django_db

ENTRIES = "SELECT job_id, status_type, reason, source, operation_id FROM job_status WHERE operation_id IS NOT NULL ORDER BY id"


def failures(operation_id: int) -> list[tuple[Any, ...]]:
    return database_rows(
        f"SELECT job_id, code FROM operation_failure WHERE operation_id = {operation_id} ORDER BY job_id"
    )


def test_sets_the_status_of_every_match_with_an_entry_each() -> None:
    ids = fill(10)
    other = make_job(status=RUNNING)
    operation = finished(create(q="status:pending", reason="the node died"))
    assert operation.state == State.COMPLETED
    assert numbers(operation) == (10, 10, 0, 0)
    assert database_rows(ENTRIES) == [
        (job, "FAILED", "the node died", "operation", operation.id) for job in ids
    ]
    assert history_of(other) == [PENDING, RUNNING]
    assert_counters_exact()


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 15])
def test_ends_exactly_at_the_last_job(number: int) -> None:
    """Batches of 3 of 5 read: numbers around the multiples of both."""
    make_job("Other")
    fill(number, name="Sweep")
    operation = finished(create(q="sweep"))
    assert (operation.state, operation.done) == (State.COMPLETED, number)
    assert Job.objects.filter(current_status=FAILED).count() == number


def test_a_sparse_filter_reads_a_bounded_number_of_jobs_in_each_batch() -> None:
    fill(40, name="Other")
    last = make_job("Rare")
    operation = create(q="rare")
    start_batch(operation)
    assert database_rows("SELECT last_id - (SELECT min(id) FROM job) FROM operation") == [(4,)]
    assert numbers(finished(operation)) == (1, 1, 0, 0)
    assert history_of(last) == [PENDING, FAILED]


def test_later_jobs_and_jobs_that_changed_since_are_left_alone() -> None:
    ids = fill(8)
    operation = create(q="status:pending")
    start_batch(operation)
    late = make_job()
    Job.objects.edit(ids[5], name="Renamed")  # still matches
    Job.objects.record_status(ids[6], RUNNING)  # does not
    Job.objects.remove(ids[7])
    Job.objects.record_status(ids[0], COMPLETED)  # is done already
    operation = finished(operation)
    assert numbers(operation) == (8, 5, 3, 0)
    assert history_of(late) == [PENDING]
    assert history_of(ids[5]) == [PENDING]
    assert history_of(ids[6]) == [PENDING, RUNNING]
    assert history_of(ids[0]) == [PENDING, FAILED, COMPLETED]
    assert_counters_exact()


def test_a_change_into_the_selection_is_not_in_it() -> None:
    ids = fill(4)
    running = make_job(status=RUNNING)
    operation = create(q="status:pending")
    Job.objects.record_status(running.pk, PENDING)
    assert finished(operation).done == len(ids)
    assert history_of(running) == [PENDING, RUNNING, PENDING]


def test_times_are_relative_to_the_moment_of_creation() -> None:
    old, new = make_job("Old"), make_job("New")
    database_rows(f"UPDATE job SET created_at = now() - interval '3 hours' WHERE id = {old.pk}")
    operation = create(q="created:<2h")
    database_rows("UPDATE operation SET moment = moment - interval '2 hours'")
    database_rows("UPDATE job SET updated_at = created_at")
    assert finished(operation).done == 1
    assert history_of(old) == [PENDING, FAILED]
    assert history_of(new) == [PENDING]


def test_days_are_those_of_the_time_zone() -> None:
    job = make_job()
    database_rows(
        f"UPDATE job SET created_at = '2026-11-20T20:00Z', updated_at = '2026-11-20T20:00Z' WHERE id = {job.pk}"
    )
    assert finished(create(q="created:2026-11-21")).done == 0
    assert finished(create(q="created:2026-11-21", tz="Asia/Kolkata")).done == 1


def test_a_list_of_ids_without_some() -> None:
    ids = fill(9)
    missing = ids[-1] + 1_000
    make_job()
    operation = finished(
        create(ids=[ids[3], ids[0], *ids[4:], missing, ids[3]], excluded=(ids[5],))
    )
    assert numbers(operation) == (7, 6, 1, 0)
    changed = set(Job.objects.filter(current_status=FAILED).values_list("id", flat=True))
    assert changed == {ids[0], ids[3], ids[4], *ids[6:]}


def test_everything_but_some() -> None:
    ids = fill(7)
    operation = create(excluded=(ids[2], ids[3]))
    assert operation.everything
    assert numbers(finished(operation)) == (5, 5, 0, 0)


def test_statuses_beside_the_search() -> None:
    fill(3, name="Wing")
    make_job("Wing", RUNNING)
    assert finished(create(q="wing", status=["RUNNING", "FAILED"])).done == 1
    assert finished(create(q="wing status:pending", status=["COMPLETED"])).done == 0


def test_deletes_jobs_with_their_histories() -> None:
    fill(7, name="Wing")
    kept = make_job("Tail")
    operation = finished(create("delete", q="wing"))
    assert numbers(operation) == (7, 7, 0, 0)
    assert list(Job.objects.values_list("id", flat=True)) == [kept.pk]
    assert database_rows("SELECT DISTINCT job_id FROM job_status") == [(kept.pk,)]
    assert_counters_exact()


def test_renames_what_has_the_text_literally() -> None:
    names = ["a.b", "axb", "A.B a.b a.b", "%", "a.b" * 85, "a.b"]
    jobs = [make_job(name) for name in names]
    operation = finished(create("rename", ids=[job.pk for job in jobs], find="a.b", replace="wing"))
    assert [job.name for job in Job.objects.order_by("id")] == [
        *("wing", "axb", "A.B wing wing", "%", names[4], "wing")
    ]
    assert numbers(operation) == (6, 3, 2, 1)
    assert failures(operation.id) == [(jobs[4].pk, "max_length")]


def test_a_name_is_trimmed_and_must_stay_visible() -> None:
    trimmed, empty, hidden = make_job("x wing x"), make_job("x"), make_job("x\u200b")
    operation = finished(create("rename", q="x", find="x", replace=""))
    assert failures(operation.id) == [(empty.pk, "blank"), (hidden.pk, "blank")]
    trimmed.refresh_from_db()
    assert trimmed.name == "wing"


def test_sets_and_removes_labels() -> None:
    jobs = [make_job() for _ in range(3)]
    database_rows(f"UPDATE job SET labels = '{{a=1,b=2}}' WHERE id = {jobs[0].pk}")
    many = ",".join(f"k{n:02}=v" for n in range(16))
    database_rows(f"UPDATE job SET labels = '{{{many}}}' WHERE id = {jobs[1].pk}")
    labels = {"b": "3", "team": "fluid=x", "a": None, "z": None}
    operation = finished(create("label", labels=labels))
    stored = [job.labels for job in Job.objects.order_by("id")]
    assert stored[0] == stored[2] == ["b=3", "team=fluid=x"]
    assert len(stored[1]) == 16
    assert numbers(operation) == (3, 2, 0, 1)
    assert failures(operation.id) == [(jobs[1].pk, "too_many_labels")]
    assert numbers(finished(create("label", excluded=(jobs[1].pk,), labels=labels))) == (
        2,
        0,
        2,
        0,
    )


def test_nothing_changes_after_cancellation() -> None:
    fill(9)
    operation = create()
    start_batch(operation)
    canceled = cancel_operation(operation.id)
    assert canceled
    assert (canceled.state, canceled.done) == (State.CANCELLED, 3)
    assert run(operation.id)
    assert state_of(operation) == canceled._replace(seconds=state_of(operation).seconds)
    assert Job.objects.filter(current_status=FAILED).count() == 3
    with pytest.raises(AlreadyFinished, match="cancelled"):
        cancel_operation(operation.id)


def test_an_operation_that_waits_is_canceled_at_once() -> None:
    fill(3)
    operation = create()
    cancel_operation(operation.id)
    assert numbers(finished(operation)) == (3, 0, 0, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_operations")
def test_a_batch_that_the_database_rejects_ends_the_operation(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fill(9)
    operation = create(status_type="PAUSED")
    with caplog.at_level("CRITICAL"):
        operation = finished(operation)
    assert (operation.state, operation.error) == (State.FAILED, "The database rejected a batch.")
    assert operation.done == 0


def test_the_numbers_of_a_large_search_become_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.search.executor.COUNT_CAP", 5)
    monkeypatch.setattr("jobs.querysets.COUNT_CAP", 5)
    fill(9, name="Wing")
    operation = create(q="wing")
    assert (operation.total, operation.total_relation) == (5, "at_least")
    operation = finished(operation)
    assert (operation.total, operation.total_relation) == (9, "exact")
