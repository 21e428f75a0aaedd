import re
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import count
from signal import SIGINT, default_int_handler, pthread_kill, signal
from threading import Barrier, Event, get_ident, main_thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from jobs.management.commands import seed_jobs
from jobs.models import Job, JobStatus
from jobs.seeding import generator
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import database_rows, make_job

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


@pytest.fixture
def largest_pool(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A pool with this maximum size, for this test only."""

    def close_pool() -> None:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's wrapper has one

    close_pool()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"]["pool"], "max_size", request.param)
    yield request.param
    close_pool()


def before_each_job(monkeypatch: pytest.MonkeyPatch, work: Callable[[int], object]) -> None:
    """Sets a chunk size of fifty; each worker calls `work` with the number of the job that it adds."""
    rows = seed_jobs._status_rows
    numbers = count(1)

    def rows_after_work(*args: Any) -> bytes:
        work(next(numbers))
        return rows(*args)

    monkeypatch.setattr(seed_jobs, "CHUNK", 50)
    monkeypatch.setattr(seed_jobs, "_status_rows", rows_after_work)


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
    assert capsys.readouterr().err == ""  # no progress bar unless stderr is a terminal


def test_seeding_keeps_existing_jobs_and_leaves_the_sequences_usable() -> None:
    make_job("Mine")
    seed("--count", "20")
    seed("--count", "20")
    assert Job.objects.count() == 41
    newest = make_job("After")
    assert newest.pk == Job.objects.latest("id").pk
    assert newest.statuses.get().pk == JobStatus.objects.latest("id").pk
    assert_consistent()


def test_the_same_seed_gives_the_same_jobs_in_the_same_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seed_jobs, "CHUNK", 20)
    seed("--count", "600", "--seed", "5")
    made = [(job.name, job.history[-1]) for job in generator.seed_jobs(600, 5)]
    assert list(Job.objects.order_by("id").values_list("name", "current_status")) == made


@pytest.mark.parametrize("largest_pool", [2], indirect=True)
def test_two_connections_insert_concurrently_and_return_to_the_pool(
    largest_pool: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = Barrier(2)
    before_each_job(monkeypatch, lambda number: number > 2 or meeting.wait(60))
    seed("--count", "200")
    assert Job.objects.count() == 200  # a connection was available after loading


@pytest.mark.parametrize(
    ("jobs", "largest_pool"), [("50", 4), ("200", 1)], indirect=["largest_pool"]
)
def test_a_single_chunk_or_a_pool_of_one_uses_one_connection(
    jobs: str, largest_pool: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = set()
    take = seed_jobs.Loader._next_chunk

    def noted_take(load: seed_jobs.Loader) -> Any:
        workers.add(get_ident())
        return take(load)

    monkeypatch.setattr(seed_jobs, "CHUNK", 50)
    monkeypatch.setattr(seed_jobs.Loader, "_next_chunk", noted_take)
    seed("--count", jobs)
    assert (Job.objects.count(), len(workers)) == (int(jobs), 1)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Processes that a shell starts in the background ignore SIGINT."""
    usual = signal(SIGINT, default_int_handler)
    yield
    signal(SIGINT, usual)


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Set when the workers are to stop."""
    stopped = Event()
    monkeypatch.setattr(seed_jobs, "Event", lambda: stopped)
    return stopped


def test_an_interrupt_stops_both_workers_and_leaves_complete_chunks(
    interruptible: None, stopped: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(number: int) -> None:
        if number == 120:
            pthread_kill(main_thread().ident or 0, SIGINT)
        elif number > 120:
            assert stopped.wait(60)

    before_each_job(monkeypatch, interrupt)
    with pytest.raises(CommandError, match="with their histories") as caught:
        seed("--count", "1000")
    added = Job.objects.count()
    assert str(caught.value).startswith(f"Interrupted: {added} of 1,000 jobs were added")
    assert caught.value.returncode == 130
    assert added in {50, 100}
    assert_consistent()


def test_an_error_in_one_worker_stops_the_other_and_is_raised(
    stopped: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(number: int) -> None:
        if number == 120:
            raise ZeroDivisionError
        if number > 120:
            assert stopped.wait(60)

    before_each_job(monkeypatch, fail)
    with pytest.raises(ZeroDivisionError):
        seed("--count", "1000")
    assert Job.objects.count() in {50, 100}
    assert_consistent()


@pytest.mark.parametrize(
    "options", [["--count", "0"], ["--count", "-5"], ["--count", "many"], ["--seed", "x"], ["--x"]]
)
def test_invalid_arguments_are_rejected_and_add_nothing(options: list[str]) -> None:
    with pytest.raises(CommandError, match=r"positive integer|invalid|unrecognized"):
        seed(*options)
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=False)
def test_it_refuses_to_run_inside_a_transaction() -> None:
    with pytest.raises(CommandError, match="outside a transaction"):
        seed("--count", "1")


def test_verbosity_0_is_silent() -> None:
    assert seed("--count", "1", "--verbosity", "0") == ""
