import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jobs.management.commands import seed_jobs
from jobs.models import Job, JobStatus
from jobs.tests.factories import database_rows, make_job
from jobs.tests.test_concurrency import assert_consistent

pytestmark = pytest.mark.django_db(transaction=True)

FIRST_STATUS_IS_PENDING_AT_CREATION = """
    SELECT bool_and(first.status_type = 'PENDING' AND first.timestamp = job.created_at)
    FROM job, LATERAL (
        SELECT * FROM job_status WHERE job_id = job.id ORDER BY id LIMIT 1
    ) AS first
"""


def seed(*options: str) -> str:
    out = StringIO()
    call_command("seed_jobs", *options, stdout=out)
    return out.getvalue()


def test_jobs_come_with_consistent_histories_and_counters(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(seed_jobs, "CHUNK", 300)
    answer = seed("--count", "1000", "--seed", "3")
    assert re.fullmatch(r"Added 1,000 jobs with 2,\d{3} statuses in \d+ s\.\n", answer)
    assert f"{JobStatus.objects.count():,} statuses" in answer
    assert Job.objects.count() == Job.objects.counts().total().value == 1000
    assert_consistent()
    assert database_rows(FIRST_STATUS_IS_PENDING_AT_CREATION) == [(True,)]
    assert database_rows("SELECT count(*) FROM job WHERE updated_at > clock_timestamp()") == [(0,)]
    by_time = Job.objects.order_by("created_at", "id").values_list("id", flat=True)
    assert list(by_time) == sorted(by_time)
    assert capsys.readouterr().err == ""  # no progress bar where nobody watches


def test_it_adds_to_what_is_there_and_leaves_the_ids_usable() -> None:
    make_job("Mine")
    seed("--count", "20")
    seed("--count", "20")
    assert Job.objects.count() == 41
    newest = make_job("After")
    assert newest.pk == Job.objects.latest("id").pk
    assert newest.statuses.get().pk == JobStatus.objects.latest("id").pk
    assert_consistent()


def test_the_same_seed_gives_the_same_jobs() -> None:
    columns = ("name", "current_status")
    seed("--count", "50", "--seed", "5")
    first = list(Job.objects.order_by("id").values_list(*columns))
    Job.objects.all().delete()
    seed("--count", "50", "--seed", "5")
    assert list(Job.objects.order_by("id").values_list(*columns)) == first


def test_an_interruption_leaves_whole_chunks_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed_jobs, "CHUNK", 50)
    rows = seed_jobs._status_rows
    written = 0

    def interrupted(*args: Any) -> bytes:
        nonlocal written
        written += 1
        if written == 120:
            raise KeyboardInterrupt
        return rows(*args)

    monkeypatch.setattr(seed_jobs, "_status_rows", interrupted)
    with pytest.raises(CommandError, match="Interrupted: 100 of 1,000 jobs were added") as caught:
        seed("--count", "1000")
    assert caught.value.returncode == 130
    assert Job.objects.count() == 100
    assert_consistent()


@pytest.mark.parametrize(
    "options", [["--count", "0"], ["--count", "-5"], ["--count", "many"], ["--seed", "x"], ["--x"]]
)
def test_wrong_arguments_are_refused_and_add_nothing(options: list[str]) -> None:
    with pytest.raises(CommandError, match=r"1 or more|invalid|unrecognized"):
        seed(*options)
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=False)
def test_it_refuses_to_run_inside_a_transaction() -> None:
    with pytest.raises(CommandError, match="outside a transaction"):
        seed("--count", "1")


def test_verbosity_0_says_nothing() -> None:
    assert seed("--count", "1", "--verbosity", "0") == ""
