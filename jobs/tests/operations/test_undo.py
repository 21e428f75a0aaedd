"""Undo takes back what an operation did where nothing newer has happened; retry repeats what failed."""

import pytest

from jobs.models import Job
from jobs.operations.changes import (
    AlreadyUndone,
    CannotUndo,
    NoFailures,
    NotFinished,
    cancel_operation,
    retry_operation,
    undo_operation,
)
from jobs.operations.rows import Action, OperationRow, State
from jobs.tests.consistency import assert_consistent
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
from jobs.tests.operations.test_batches import failures

pytestmark = pytest.mark.django_db


def undone(operation: OperationRow, reason: str | None = None) -> OperationRow:
    """The undo, after it was run."""
    undo = undo_operation(operation.id, reason)
    assert undo
    return finished(undo)


def test_restores_the_status_before_with_an_entry_that_refers_to_the_undone_one() -> None:
    jobs = [make_job(status=status) for status in (PENDING, RUNNING, FAILED, COMPLETED)]
    operation = finished(create())
    undo = undone(operation, "wrong filter")
    assert (undo.action, undo.undoes, undo.state) == (Action.UNDO, operation.id, State.COMPLETED)
    assert numbers(undo) == (4, 4, 0, 0)
    assert state_of(operation).undone_by == undo.id
    for job, status in zip(jobs, (PENDING, RUNNING, FAILED, COMPLETED), strict=True):
        assert history_of(job)[-2:] == [FAILED, status]
    rows = database_rows(
        "SELECT job_id, undoes, reason, source FROM job_status WHERE undoes IS NOT NULL ORDER BY job_id"
    )
    entries = database_rows(
        f"SELECT job_id, id FROM job_status WHERE operation_id = {operation.id} ORDER BY job_id"
    )
    assert rows == [(job, entry, "wrong filter", "undo") for job, entry in entries]
    assert_consistent()


def test_leaves_alone_what_has_changed_since_and_reports_it() -> None:
    ids = fill(6)
    operation = finished(create())
    Job.objects.record_status(ids[1], RUNNING)
    Job.objects.record_status(ids[2], FAILED)
    Job.objects.remove(ids[3])  # with its entry, by which it would be found
    Job.objects.edit(ids[4], name="Renamed")  # not a change of the status
    undo = undone(operation)
    assert numbers(undo) == (6, 3, 3, 0)
    assert failures(undo.id) == [(ids[1], "job_changed"), (ids[2], "job_changed")]
    assert history_of(ids[1]) == [PENDING, FAILED, RUNNING]
    assert history_of(ids[4]) == [PENDING, FAILED, PENDING]


def test_only_what_a_canceled_operation_did_is_undone() -> None:
    ids = fill(8)
    operation = create()
    start_batch(operation)
    with pytest.raises(NotFinished):
        undo_operation(operation.id)
    cancel_operation(operation.id)
    assert numbers(undone(operation)) == (3, 3, 0, 0)
    assert [len(history_of(job)) for job in ids] == [3, 3, 3, 1, 1, 1, 1, 1]


def test_an_undo_can_be_undone() -> None:
    [job] = fill(1)
    operation = finished(create())
    redo = undone(undone(operation))
    assert redo.done == 1
    assert history_of(job) == [PENDING, FAILED, PENDING, FAILED]
    assert undone(redo).done == 1
    assert history_of(job)[-1] == PENDING


def test_names_are_restored_where_they_are_still_the_new_ones() -> None:
    jobs = [make_job(f"Wing {n}") for n in range(4)]
    operation = finished(create("rename", find="Wing", replace="Tail"))
    Job.objects.edit(jobs[0].pk, name="Fin")
    Job.objects.record_status(jobs[1].pk, RUNNING)
    Job.objects.remove(jobs[3].pk)
    undo = undone(operation)
    names = list(Job.objects.order_by("id").values_list("name", flat=True))
    assert names == ["Fin", "Wing 1", "Wing 2"]
    assert failures(undo.id) == [(jobs[0].pk, "job_changed"), (jobs[3].pk, "job_not_found")]
    undone(undo)
    names = list(Job.objects.order_by("id").values_list("name", flat=True))
    assert names == ["Fin", "Tail 1", "Tail 2"]


def test_labels_are_restored_where_they_are_still_the_new_ones() -> None:
    jobs = [make_job() for _ in range(3)]
    database_rows(f"UPDATE job SET labels = '{{a=1}}' WHERE id = {jobs[1].pk}")
    operation = finished(create("label", labels={"b": "2", "a": None}))
    database_rows(f"UPDATE job SET labels = '{{b=2,c=3}}' WHERE id = {jobs[2].pk}")
    assert numbers(undone(operation)) == (3, 2, 1, 0)
    assert [job.labels for job in Job.objects.order_by("id")] == [[], ["a=1"], ["b=2", "c=3"]]


def test_each_operation_is_undone_once() -> None:
    fill(3)
    operation = finished(create())
    first = undo_operation(operation.id)
    assert first
    with pytest.raises(AlreadyUndone, match=str(first.id)):
        undo_operation(operation.id)
    cancel_operation(first.id)
    assert undone(operation).done == 3


def test_what_cannot_be_undone_says_so() -> None:
    nothing = finished(create(q="nothing"))
    with pytest.raises(CannotUndo, match="changed no job"):
        undo_operation(nothing.id)
    assert undo_operation(nothing.id + 1) is None


def test_only_the_failed_jobs_are_tried_again() -> None:
    good, bad = make_job("ab"), make_job("a")
    operation = finished(create("rename", find="a", replace=""))
    assert failures(operation.id) == [(bad.pk, "blank")]
    Job.objects.edit(bad.pk, name="a wing")
    Job.objects.edit(good.pk, name="aa")
    again = retry_operation(operation.id)
    assert again
    assert again.retries == operation.id
    assert numbers(finished(again)) == (1, 1, 0, 0)
    assert list(Job.objects.order_by("id").values_list("name", flat=True)) == ["aa", "wing"]
    with pytest.raises(NoFailures):
        retry_operation(again.id)


def test_what_an_undo_left_alone_can_be_tried_again() -> None:
    [job] = fill(1)
    operation = finished(create())
    record = Job.objects.record_status(job, RUNNING)
    assert record
    undo = undone(operation)
    again = retry_operation(undo.id)
    assert again
    assert (again.action, again.undoes) == (Action.UNDO, operation.id)
    assert numbers(finished(again)) == (1, 0, 1, 0)
    assert history_of(job) == [PENDING, FAILED, RUNNING]
