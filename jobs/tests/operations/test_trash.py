"""Operations that delete and restore: they move jobs into the trash and out of it."""

import pytest
from django.db import connection
from pytest_django import Settings

from jobs.changes.bulk_delete import Deletion, remove_jobs
from jobs.models import Job
from jobs.operations.changes import CannotUndo, undo_operation
from jobs.operations.maintenance import maintain
from jobs.operations.preview import preview
from jobs.operations.rows import Action, OperationRow
from jobs.operations.selection import Selection
from jobs.operations.words import words_of
from jobs.querysets import Count
from jobs.tests.consistency import assert_counters_exact
from jobs.tests.factories import FAILED, database_rows, fill, history_of, make_job
from jobs.tests.operations.conftest import create, finished, numbers, start_batch, state_of
from jobs.tests.operations.test_batches import failures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seven_days(settings: Settings) -> None:
    settings.TRASH_DAYS = 7


def trashed() -> list[int]:
    return [job_id for (job_id,) in database_rows("SELECT id FROM trashed_job ORDER BY id")]


def undone(operation: OperationRow) -> OperationRow:
    undo = undo_operation(operation.id)
    assert undo
    return finished(undo)


def test_a_deletion_moves_jobs_into_the_trash_and_its_undo_brings_them_back() -> None:
    ids = fill(7)
    kept = make_job("Kept")
    operation = finished(create("delete", ids=ids))
    assert numbers(operation) == (7, 7, 0, 0)
    assert list(Job.objects.values_list("id", flat=True)) == [kept.pk]
    assert trashed() == sorted(ids)
    assert database_rows("SELECT DISTINCT operation_id FROM trashed_job") == [(operation.id,)]
    undo = undone(operation)
    assert numbers(undo) == (7, 7, 0, 0)
    assert trashed() == []
    assert sorted(Job.objects.values_list("id", flat=True)) == sorted([*ids, kept.pk])
    assert_counters_exact()


def test_histories_come_back_with_their_ids() -> None:
    job = make_job("Wing", history=[FAILED])
    before = database_rows("SELECT * FROM job_status ORDER BY id")
    undone(finished(create("delete", q="wing")))
    assert database_rows("SELECT * FROM job_status ORDER BY id") == before
    assert history_of(job.pk)[-1] == FAILED


def test_without_a_trash_a_deletion_is_final(settings: Settings) -> None:
    settings.TRASH_DAYS = 0
    fill(3)
    operation = finished(create("delete"))
    assert trashed() == []
    with pytest.raises(CannotUndo, match="not in the trash any more"):
        undo_operation(operation.id)
    assert_counters_exact()


def test_a_canceled_deletion_is_undone_as_far_as_it_came() -> None:
    ids = fill(7)
    operation = create("delete", ids=ids)
    start_batch(operation)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE operation SET state = 'cancelled', finished_at = now() WHERE id = %s",
            [operation.id],
        )
    number = len(trashed())
    assert 0 < number < 7
    undone(state_of(operation))
    assert trashed() == []
    assert Job.objects.count() == 7
    assert_counters_exact()


def test_an_undo_leaves_alone_what_was_restored_or_emptied() -> None:
    one, two, three = fill(3)
    operation = finished(create("delete", ids=[one, two, three]))
    finished(create("restore", ids=[one]))
    database_rows(
        f"UPDATE trashed_job SET deleted_at = deleted_at - interval '8 days' WHERE id = {two}"
    )
    assert maintain()["trash"] == 1
    undo = undone(operation)
    assert numbers(undo) == (3, 1, 2, 0)
    assert sorted(Job.objects.values_list("id", flat=True)) == [one, three]


def test_the_whole_trash_is_restored_but_what_is_left_out_or_deleted_later() -> None:
    one, two, three, four = fill(4)
    remove_jobs([Deletion(job_id) for job_id in (one, two, three)])
    operation = create("restore", excluded=(two,))
    remove_jobs([Deletion(four)])
    operation = finished(operation)
    assert words_of(operation) == "all jobs in the trash; without 1 job"
    assert (operation.done, operation.failed) == (2, 0)
    assert trashed() == [two, four]
    assert_counters_exact()


def test_what_cannot_be_restored_is_reported() -> None:
    there, deleted = fill(2)
    remove_jobs([Deletion(deleted)])
    operation = finished(create("restore", ids=[there, deleted, 999_999]))
    assert (operation.done, operation.failed) == (1, 2)
    assert failures(operation.id) == [(there, "job_exists"), (999_999, "not_in_trash")]


def test_a_restoration_is_not_undone() -> None:
    [job_id] = fill(1)
    deletion = finished(create("delete", ids=[job_id]))
    undo = undone(deletion)
    with pytest.raises(CannotUndo, match="Delete the jobs instead"):
        undo_operation(undo.id)
    remove_jobs([Deletion(job_id)])
    restoration = finished(create("restore", ids=[job_id]))
    with pytest.raises(CannotUndo):
        undo_operation(restoration.id)


def test_the_preview_of_a_restoration_counts_the_trash() -> None:
    ids = fill(3)
    remove_jobs([Deletion(job_id) for job_id in ids])
    found = preview(Selection(ids=tuple(ids[:2])), Action.RESTORE)
    assert found.total == Count(2)
    assert {row.id for row in found.sample} == set(ids[:2])
    assert preview(Selection(), Action.RESTORE).total == Count(3)
