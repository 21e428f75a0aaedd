from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from jobs.models import JobStatus
from jobs.tests.factories import RUNNING, make_job

pytestmark = pytest.mark.django_db


def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO(), verbosity=0)


def test_the_database_itself_cascades_a_deletion() -> None:
    job = make_job(history=[RUNNING])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM job WHERE id = %s", [job.pk])
    assert not JobStatus.objects.exists()


def test_the_database_holds_no_history_without_a_job() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT confdeltype, convalidated FROM pg_constraint"
            " WHERE conrelid = 'job_status'::regclass AND contype = 'f'"
        )
        assert cursor.fetchall() == [("c", True)]


@pytest.mark.django_db(transaction=True)
def test_the_counters_can_be_taken_back_and_built_again_around_existing_jobs() -> None:
    make_job(), make_job(status=RUNNING)
    call_command("migrate", "jobs", "0001", verbosity=0)
    make_job()
    call_command("migrate", "jobs", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, n FROM job_counts")
        assert dict(cursor.fetchall()) == {"PENDING": 2, "RUNNING": 1, "COMPLETED": 0, "FAILED": 0}
