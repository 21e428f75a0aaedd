"""Deleting a job moves it with its history into the trash, by whichever way it is deleted."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from jobs.changes.bulk_delete import Deletion, remove_jobs
from jobs.changes.versions import VersionMismatch
from jobs.models import Job, JobStatus
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import FAILED, RUNNING, database_rows, fill, make_job
from jobs.tests.trash.stored import fill_columns, rows, without

pytestmark = pytest.mark.django_db

Delete = Callable[[int], object]


def one(job_id: int) -> bool:
    return Job.objects.remove(job_id)


def many(job_id: int) -> list[str]:
    return [outcome.refusal for outcome in remove_jobs([Deletion(job_id)])]


BOTH_WAYS = pytest.mark.parametrize("delete", [one, many])


@BOTH_WAYS
def test_a_deleted_job_is_in_the_trash_with_every_column(delete: Delete) -> None:
    deleted, _ = make_job(history=[RUNNING]), make_job(history=[FAILED])
    fill_columns()
    [before, kept], history = rows("job"), rows("job_status")
    delete(deleted.pk)
    [trashed] = rows("trashed_job")
    assert without(trashed, "deleted_at", "operation_id", "actor") == without(before, "name_key")
    assert rows("trashed_status") == [each for each in history if each["job_id"] == deleted.pk]
    assert rows("job") == [kept]
    assert [each for each in history if each["job_id"] == kept["id"]] == rows("job_status")


@BOTH_WAYS
def test_without_a_trash_a_deletion_is_final(delete: Delete, settings: Settings) -> None:
    settings.TRASH_DAYS = 0
    delete(make_job(history=[RUNNING]).pk)
    assert not Job.objects.exists()
    assert not JobStatus.objects.exists()
    assert rows("trashed_job") == rows("trashed_status", "job_id, id") == []
    assert_consistent()


def test_a_deletion_by_an_operation_says_so() -> None:
    job = make_job()
    remove_jobs([Deletion(job.pk)], operation_id=41)
    assert [row["operation_id"] for row in rows("trashed_job")] == [41]


def test_a_refused_deletion_leaves_nothing_in_the_trash() -> None:
    job = make_job()
    with pytest.raises(VersionMismatch):
        Job.objects.remove(job.pk, ["2026-11-22T10:00:00.000000Z"])
    with pytest.raises(VersionMismatch):
        Job.objects.remove(job.pk, [])
    remove_jobs([Deletion(job.pk, job.created_at.replace(year=2020)), Deletion(job.pk + 1)])
    assert rows("trashed_job") == []
    assert Job.objects.filter(pk=job.pk).exists()


def test_one_of_several_versions_is_enough() -> None:
    job_id = make_job().pk
    row = Job.objects.row(job_id)
    assert row
    assert Job.objects.remove(job_id, ["a", row.updated_at, "b"])
    assert not Job.objects.remove(job_id, [row.updated_at])


def test_a_deletion_is_one_statement() -> None:
    job = make_job()
    with CaptureQueriesContext(connection) as queries:
        Job.objects.remove(job.pk)
    assert len(queries) == 1


def test_many_jobs_are_moved_at_once() -> None:
    ids = fill(500)
    assert {outcome.refusal for outcome in remove_jobs(list(map(Deletion, ids)))} == {""}
    assert [row["id"] for row in rows("trashed_job")] == ids
    assert len({row["deleted_at"] for row in rows("trashed_job")}) == 1
    assert len(rows("trashed_status")) == 500
    assert_consistent()


def test_a_job_with_the_id_of_another_in_the_trash_takes_its_place() -> None:
    """As after a restore from a backup."""
    job = make_job("Old", history=[RUNNING])
    Job.objects.remove(job.pk)
    database_rows(
        "INSERT INTO job (id, name, current_status, created_at, updated_at)"
        f" VALUES ({job.pk}, 'New', 'PENDING', now(), now())"
    )
    database_rows(
        f"""INSERT INTO job_status (job_id, status_type, "timestamp") VALUES ({job.pk}, 'PENDING', now())"""
    )
    assert Job.objects.remove(job.pk)
    assert [row["name"] for row in rows("trashed_job")] == ["New"]
    assert [row["status_type"] for row in rows("trashed_status")] == ["PENDING"]


def test_the_trash_is_emptied_when_the_jobs_are_truncated() -> None:
    Job.objects.remove(make_job().pk)
    database_rows("TRUNCATE job, job_status")
    assert rows("trashed_job") == rows("trashed_status") == []


def test_a_job_deleted_by_hand_does_not_pass_through_the_trash() -> None:
    job = make_job()
    database_rows(f"DELETE FROM job WHERE id = {job.pk}")
    assert rows("trashed_job") == []
