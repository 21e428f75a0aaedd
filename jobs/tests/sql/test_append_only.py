"""The database refuses to change or delete entries of the history."""

import pytest
from django.db import IntegrityError, connection
from django.db.transaction import atomic

from jobs.models import Job, JobStatus
from jobs.tests.factories import (
    FAILED,
    PENDING,
    RUNNING,
    database_rows,
    fill,
    history_of,
    make_job,
    rewrite_history,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE job_status SET status_type = 'RUNNING'",
        "UPDATE job_status SET status_type = 'RUNNING' WHERE false",
        "DELETE FROM job_status",
        "DELETE FROM job_status WHERE false",
        "TRUNCATE job_status",
        "TRUNCATE job_status CASCADE",
        "WITH gone AS (DELETE FROM job_status RETURNING *) SELECT count(*) FROM gone",
        "DO $$ BEGIN DELETE FROM job_status; END $$",
        "INSERT INTO job_status SELECT * FROM job_status ON CONFLICT (id) DO UPDATE SET status_type = 'FAILED'",
        "MERGE INTO job_status USING job ON job.id = job_id WHEN MATCHED THEN DELETE",
    ],
)
def test_the_history_cannot_be_rewritten(statement: str) -> None:
    job = make_job()
    with (
        pytest.raises(IntegrityError, match=r"^The status history is append-only") as caught,
        atomic(),
    ):
        database_rows(statement)
    assert getattr(caught.value.__cause__, "sqlstate", None) == "23001"
    assert history_of(job) == [PENDING]


def test_the_orm_cannot_rewrite_it_either() -> None:
    job = make_job()
    entry = job.statuses.get()
    entry.status_type = FAILED
    for rewrite in (
        entry.save,
        entry.delete,
        job.statuses.all().delete,
        lambda: job.statuses.update(status_type=FAILED),
        lambda: JobStatus.objects.bulk_update([entry], ["status_type"]),
    ):
        with pytest.raises(IntegrityError, match="append-only"), atomic():
            rewrite()
    assert history_of(job) == [PENDING]


def test_a_history_is_deleted_with_its_job() -> None:
    ids = fill(500)
    kept = make_job(history=[RUNNING])
    database_rows(f"DELETE FROM job WHERE id = ANY (ARRAY{ids})")
    assert [job_id for (job_id,) in database_rows("SELECT job_id FROM job_status")] == [kept.pk] * 2
    kept.delete()
    Job.objects.all().delete()
    assert not JobStatus.objects.exists()


def test_a_history_can_be_copied_in() -> None:
    job = make_job()
    with connection.cursor() as cursor:
        command = 'COPY job_status (job_id, status_type, "timestamp") FROM STDIN'
        with cursor.copy(command) as rows:
            rows.write_row((job.pk, "RUNNING", "2026-01-01Z"))
    assert history_of(job) == [PENDING, RUNNING]


@pytest.mark.parametrize("tables", ["job, job_status", "job_status, job", "job CASCADE"])
def test_a_history_is_truncated_with_the_jobs(tables: str) -> None:
    make_job()
    database_rows(f"TRUNCATE {tables}")
    assert not JobStatus.objects.exists()


def test_the_owner_can_rewrite_it_with_the_trigger_disabled() -> None:
    job = make_job()
    rewrite_history("UPDATE job_status SET status_type = %s", [RUNNING])
    assert history_of(job) == [RUNNING]
    with pytest.raises(IntegrityError, match="append-only"):
        database_rows("UPDATE job_status SET status_type = 'PENDING'")
