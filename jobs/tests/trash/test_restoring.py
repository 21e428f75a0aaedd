"""A restored job is the one that was deleted, with its history, and nothing is counted twice."""

import json
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.changes.bulk_delete import Deletion, remove_jobs
from jobs.changes.bulk_undo import Undo, undo_statuses
from jobs.changes.undo import NothingToUndo, undo_status
from jobs.changes.versions import VersionMismatch
from jobs.models import Job
from jobs.rows import JobRow
from jobs.tests.conftest import Api
from jobs.tests.consistency import assert_counters_exact
from jobs.tests.factories import (
    FAILED,
    PENDING,
    RUNNING,
    database_rows,
    fill,
    history_of,
    make_job,
    wait_until_final,
)
from jobs.tests.trash.stored import fill_columns, rows, without
from jobs.trash.restoring import restore_jobs

pytestmark = pytest.mark.django_db

ACTIVITY = "SELECT status, sum(n) FROM job_activity GROUP BY 1 ORDER BY 1"


def delete(*ids: int) -> None:
    remove_jobs([Deletion(job_id) for job_id in ids])


def restore(*ids: int) -> list[str]:
    return [outcome.refusal for outcome in restore_jobs(ids)]


def row_of(job_id: int) -> JobRow:
    row = Job.objects.row(job_id)
    assert row
    return row


def test_a_restored_job_has_every_column_and_its_history() -> None:
    make_job(history=[RUNNING, FAILED])
    make_job()
    fill_columns()
    jobs, history, activity = rows("job"), rows("job_status"), database_rows(ACTIVITY)
    delete(*(job["id"] for job in jobs))
    assert restore(*(job["id"] for job in jobs)) == ["", ""]
    assert rows("job_status") == history
    for before, after in zip(jobs, rows("job"), strict=True):
        assert without(after, "updated_at") == without(before, "updated_at")
        assert after["updated_at"] > before["updated_at"]
    assert rows("trashed_job") == rows("trashed_status") == []
    assert database_rows(ACTIVITY) == activity
    assert_counters_exact()


def test_only_restored_entries_are_left_out_of_the_chart() -> None:
    """Also later in the same transaction, and after a restore that failed."""
    job = make_job()
    delete(job.pk)
    restore(job.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('job_status.is_restored', true)")
        assert cursor.fetchone() == ("",)
    Job.objects.record_status(job.pk, FAILED)
    assert database_rows(ACTIVITY) == [("FAILED", 1), ("PENDING", 1)]


def test_the_outcomes_are_in_the_order_of_the_request() -> None:
    there, deleted, again = make_job(), make_job(), make_job()
    delete(deleted.pk, again.pk)
    outcomes = restore_jobs([again.pk, 2**63 - 1, there.pk, deleted.pk])
    assert [outcome.refusal for outcome in outcomes] == ["", "not_in_trash", "job_exists", ""]
    assert [outcome.job for outcome in outcomes] == [
        row_of(again.pk),
        None,
        None,
        row_of(deleted.pk),
    ]
    assert restore(again.pk) == ["job_exists"]


def test_a_job_whose_key_another_has_taken_stays_in_the_trash() -> None:
    one, other, third = make_job(), make_job(), make_job()
    database_rows(f"UPDATE job SET key = 'run-1' WHERE id = {one.pk}")
    delete(one.pk)
    database_rows(f"UPDATE job SET key = 'run-1' WHERE id = {other.pk}")
    delete(other.pk, third.pk)
    assert restore(one.pk, other.pk, third.pk) == ["", "key_taken", ""]
    assert [row["id"] for row in rows("trashed_job")] == [other.pk]
    assert len(rows("trashed_status")) == 1
    delete(one.pk)
    assert restore(other.pk) == [""]
    assert_counters_exact()


def test_an_entry_of_a_job_that_exists_is_not_restored() -> None:
    """As after a restore from a backup."""
    job = make_job("Old")
    delete(job.pk)
    database_rows(
        "INSERT INTO job (id, name, current_status, created_at, updated_at)"
        f" VALUES ({job.pk}, 'New', 'PENDING', now(), now())"
    )
    assert restore(job.pk) == ["job_exists"]
    assert row_of(job.pk).name == "New"


def test_a_job_can_be_deleted_and_restored_again_and_again() -> None:
    job = make_job(history=[RUNNING])
    versions = []
    for _ in range(3):
        versions.append(row_of(job.pk).updated_at)
        delete(job.pk)
        restore(job.pk)
    assert versions == sorted(set(versions))
    assert history_of(job) == [PENDING, RUNNING]


def test_a_restored_job_has_a_version_that_no_client_has_seen() -> None:
    job = make_job(history=[RUNNING])
    seen = row_of(job.pk).updated_at
    delete(job.pk)
    restore(job.pk)
    with pytest.raises(VersionMismatch):
        Job.objects.remove(job.pk, [seen])
    with pytest.raises(NothingToUndo):
        undo_status(job.pk, datetime.fromisoformat(row_of(job.pk).updated_at))


def test_a_status_change_from_before_the_deletion_can_be_undone_after_it() -> None:
    job = make_job(history=[RUNNING])
    changed_at = datetime.fromisoformat(row_of(job.pk).updated_at)
    delete(job.pk)
    [outcome] = restore_jobs([job.pk])
    assert outcome.job
    version = datetime.fromisoformat(outcome.job.updated_at)
    [undone] = undo_statuses([Undo(job.pk, version, changed_at)])
    assert undone.job
    assert undone.job.current_status == PENDING


def test_new_jobs_and_entries_get_ids_that_no_job_in_the_trash_has() -> None:
    job = make_job(history=[RUNNING])
    entry = max(row["id"] for row in rows("job_status"))
    delete(job.pk)
    other = make_job()
    assert other.pk > job.pk
    assert min(row["id"] for row in rows("job_status")) > entry


def test_many_jobs_are_restored_by_a_bounded_number_of_statements() -> None:
    ids = fill(1_000)
    delete(*ids)
    with CaptureQueriesContext(connection) as queries:
        assert set(restore(*ids)) == {""}
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 2
    assert_counters_exact()


@pytest.mark.django_db(transaction=True)
def test_the_feed_reports_a_deletion_and_a_creation(api: Api) -> None:
    job = make_job("Wing", history=[RUNNING])
    cursor = api.call("GET", "/api/events/")["Feed-Cursor"]
    deleted = row_of(job.pk)
    delete(job.pk)
    restore(job.pk)
    restored = row_of(job.pk)
    wait_until_final()
    lines = api.call("GET", f"/api/events/?after={cursor}").content.splitlines()
    events = [json.loads(line) for line in lines]
    assert [(event["type"], event["job_id"], event["updated_at"]) for event in events] == [
        ("job.deleted", job.pk, deleted.updated_at),
        ("job.created", job.pk, restored.updated_at),
    ]
    last = events[-1]
    assert (last["name"], last["status_type"]) == ("Wing", RUNNING)
    assert last["created_at"] == restored.created_at
