import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job, JobStatus
from jobs.tests.factories import (
    COMPLETED,
    FAILED,
    PENDING,
    RUNNING,
    database_rows,
    history_of,
    make_job,
)

pytestmark = pytest.mark.django_db


def test_a_new_job_is_pending_from_its_creation() -> None:
    job = make_job("Wing")
    [entry] = job.statuses.all()
    assert (job.current_status, entry.status_type) == (PENDING, PENDING)
    assert job.created_at == job.updated_at == entry.timestamp


def test_saving_a_new_job_records_its_first_status() -> None:
    job = Job(name="Wing")
    job.save()
    assert history_of(job) == [PENDING]
    assert Job.objects.get() == job


def test_recording_a_status_sets_it_and_appends_it() -> None:
    job = make_job()
    job.record_status(RUNNING)
    stored = Job.objects.get()
    assert (job.current_status, stored.current_status) == (RUNNING, RUNNING)
    assert history_of(job) == [PENDING, RUNNING]
    assert stored.updated_at == job.statuses.latest("id").timestamp > stored.created_at


def test_recording_the_same_status_appends_an_entry() -> None:
    assert history_of(make_job(history=[RUNNING, RUNNING])) == [PENDING, RUNNING, RUNNING]


def test_every_transition_is_allowed() -> None:
    steps = [COMPLETED, PENDING, FAILED, RUNNING, PENDING]
    assert history_of(make_job(history=steps)) == [PENDING, *steps]


def test_saving_renames_without_changing_the_status() -> None:
    job = make_job(status=RUNNING)
    stale = Job.objects.get()
    job.record_status(COMPLETED)
    stale.name = "Renamed"
    stale.save()
    stored = Job.objects.get()
    assert (stored.name, stored.current_status) == ("Renamed", COMPLETED)
    assert stored.updated_at == stale.updated_at > job.updated_at
    assert history_of(job) == [PENDING, RUNNING, COMPLETED]


def test_the_history_is_appended_to_by_changes_of_the_job_alone() -> None:
    job = make_job()
    with pytest.raises(TypeError, match="record_status"):
        JobStatus(job=job, status_type=FAILED).save()
    with pytest.raises(TypeError, match="record_status"):
        JobStatus.objects.bulk_create([JobStatus(job=job, status_type=FAILED)])
    assert history_of(job) == [PENDING]


def test_the_current_status_cannot_be_set_without_the_history() -> None:
    job = make_job()
    with pytest.raises(TypeError, match="record_status"):
        Job.objects.update(current_status=FAILED)
    with pytest.raises(TypeError, match="create_pending"):
        Job.objects.bulk_create([Job(name="No history")])
    job.current_status = FAILED
    job.save()
    assert Job.objects.get().current_status == PENDING


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO job (name, current_status, created_at, updated_at) VALUES ('', 'PENDING', now(), now())",
        "INSERT INTO job (name, current_status, created_at, updated_at) VALUES ('x', 'PAUSED', now(), now())",
        "INSERT INTO job_status (job_id, status_type, timestamp) SELECT id, 'PAUSED', now() FROM job",
    ],
)
def test_the_database_rejects_invalid_rows(statement: str) -> None:
    make_job()
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_deleted_job_cannot_be_changed() -> None:
    job, same = make_job(), Job.objects.get()
    job.delete()
    with pytest.raises(Job.DoesNotExist):
        same.record_status(RUNNING)
    with pytest.raises(Job.DoesNotExist):
        same.save()
    assert database_rows("SELECT count(*) FROM job_status") == [(0,)]


def test_deleting_a_job_deletes_only_its_own_history() -> None:
    doomed, kept = make_job(history=[RUNNING, FAILED]), make_job(history=[RUNNING])
    doomed.delete()
    assert set(JobStatus.objects.values_list("job_id", flat=True)) == {kept.pk}


@pytest.mark.django_db(transaction=True)
def test_each_change_is_one_statement_in_autocommit() -> None:
    with CaptureQueriesContext(connection) as queries:
        job = Job.objects.create_pending("Wing")
        Job.objects.record_status(job.id, COMPLETED, name="Renamed")
        Job.objects.edit(job.id, name="Renamed again")
        Job.objects.remove(job.id)
    assert len(queries) == 4, [query["sql"] for query in queries]
