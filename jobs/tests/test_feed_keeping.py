"""How long events are kept, and what becomes of cursors to those that are not."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from jobs.feed import NOW, START, read_events
from jobs.models import Job
from jobs.tests.conftest import Run
from jobs.tests.consumer import age, gone, rest
from jobs.tests.factories import (
    database_rows,
    fill,
    make_job,
    settle,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_older_than_a_week_is_removed_from_the_old_end_in_steps() -> None:
    for _ in range(6):
        make_job()
    age("at = now() - interval '7 days 1 minute'", 4)
    events = rest()
    settle()
    assert database_rows("SELECT job_event_trim(3)") == [(3,)]
    assert rest() == events[3:]
    assert rest(events[2].id) == events[3:]
    assert rest(gone(events[1].id)) == []
    assert database_rows("SELECT job_event_trim(), job_event_trim()") == [(1, 0)]
    assert rest(events[3].id) == events[4:]


def test_what_is_kept_has_an_end_in_number_too() -> None:
    for _ in range(3):
        make_job()
    [(oldest,)] = database_rows("SELECT min(id) FROM job_event")
    database_rows(f"ALTER TABLE job_event ALTER id RESTART {oldest + 20_000_001}")
    make_job()  # one in two hundred removes by itself
    settle()
    database_rows("SELECT job_event_trim()")
    assert len(rest()) == 2


def test_writing_removes_what_is_old_by_itself() -> None:
    fill(3_000)
    age("at = now() - interval '8 days'", 3_000)
    settle()
    fill(500)  # so many at once remove twice as many
    assert len(rest(limit=1_000)) == 2_500
    job = make_job()
    for _ in range(3_000):  # one in two hundred removes
        Job.objects.rename(job.pk, "Renamed")
    old = "SELECT count(*) FROM job_event WHERE at < now() - interval '7 days'"
    assert database_rows(old) == [(0,)]


def test_what_is_not_final_is_not_removed(at_once: Run) -> None:
    make_job()
    settle()
    with transaction.atomic():
        make_job()
        age("at = now() - interval '8 days'", 2)
        assert database_rows("SELECT job_event_trim()") == [(1,)]
    assert len(rest()) == 1


def test_one_trims_at_a_time_and_nobody_waits(at_once: Run) -> None:
    make_job()
    age("at = now() - interval '8 days'", 1)
    settle()
    with transaction.atomic():
        assert database_rows("SELECT job_event_trim()") == [(1,)]
        assert at_once(lambda: database_rows("SELECT job_event_trim()")) == [[(0,)]]
        at_once(make_job)


@pytest.fixture(
    params=["UPDATE job_feed SET origin = '1/00000001'", "TRUNCATE job_feed_unbroken"],
    ids=["after restoring a dump", "after a crash"],
)
def begin_anew(request: pytest.FixtureRequest) -> Iterator[Callable[[], object]]:
    yield lambda: database_rows(request.param)
    database_rows("SELECT job_feed_restart()")


def test_cursors_end_where_turns_are_counted_anew(begin_anew: Any) -> None:
    make_job()
    old = rest()[0].id
    begin_anew()
    new = gone(old)
    assert rest(new) == rest() == []
    gone(old)
    make_job("After")
    assert [event.name for event in rest(new)] == ["After"]


@pytest.mark.parametrize("after", [START, NOW])
def test_what_is_no_cursor_begins_anew_unnoticed(begin_anew: Any, after: str) -> None:
    make_job()
    begin_anew()
    assert rest(after) == []
    assert rest(read_events(after, 1).cursor) == []


def test_a_crash_empties_what_says_that_there_was_none() -> None:
    kind = "SELECT relpersistence FROM pg_class WHERE oid = 'job_feed_unbroken'::regclass"
    assert database_rows(kind) == [("u",)]  # unlogged
    assert database_rows("SELECT whole FROM job_feed_unbroken") == [(True,)]


def test_a_cursor_of_a_future_that_was_undone_is_gone() -> None:
    tag, turn, _ = read_events(NOW, 1).cursor.split("-")
    gone(f"{tag}-{int(turn) + 1}-0")
    gone(f"{tag}-{10**17}-0")


def test_truncating_the_jobs_begins_anew() -> None:
    make_job()
    old = rest()[0].id
    database_rows("TRUNCATE job CASCADE")
    assert rest(gone(old)) == rest() == []
