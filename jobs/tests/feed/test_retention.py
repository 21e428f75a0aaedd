"""Retention of events, eras, and expired cursors."""

from contextlib import suppress
from threading import Event

import pytest
from django.db import connection, transaction

from jobs.feed import read_events, resolve_cursor
from jobs.feed_cursor import NOW, START
from jobs.models import Job
from jobs.tests.conftest import Run
from jobs.tests.consumer import age_events, assert_expired, events_after
from jobs.tests.factories import database_rows, fill, make_job, wait_until_final
from jobs.tests.waiting import eventually
from jobs.transfer.staging import Staging

pytestmark = pytest.mark.django_db(transaction=True)


def test_events_older_than_a_week_are_trimmed_in_steps() -> None:
    for _ in range(6):
        make_job()
    age_events("at = now() - interval '7 days 1 minute'", 4)
    events = events_after()
    wait_until_final()
    assert database_rows("SELECT job_event_trim(3)") == [(3,)]
    assert events_after() == events[3:]
    assert events_after(events[2].id) == events[3:]
    assert events_after(assert_expired(events[1].id)) == []
    assert database_rows("SELECT job_event_trim(), job_event_trim()") == [(1, 0)]
    assert events_after(events[3].id) == events[4:]


def test_the_number_of_stored_events_is_limited() -> None:
    for _ in range(3):
        make_job()
    [(oldest,)] = database_rows("SELECT min(id) FROM job_event")
    database_rows(f"ALTER TABLE job_event ALTER id RESTART {oldest + 20_000_001}")
    make_job()  # one statement in 200 trims by itself
    wait_until_final()
    database_rows("SELECT job_event_trim()")
    assert len(events_after()) == 2


def test_writers_trim_old_events() -> None:
    fill(3_000)
    age_events("at = now() - interval '8 days'", 3_000)
    wait_until_final()
    fill(500)  # a bulk statement trims twice as many events as it appends
    assert len(events_after(limit=1_000)) == 2_500
    job = make_job()
    database_rows("SELECT setseed(0)")
    for _ in range(1_500):  # one statement in 200 trims, at random
        Job.objects.edit(job.pk, name="Renamed")
    old = "SELECT count(*) FROM job_event WHERE at < now() - interval '7 days'"
    assert database_rows(old) == [(0,)]


def test_events_that_cannot_be_read_yet_are_not_trimmed(at_once: Run) -> None:
    make_job()
    wait_until_final()
    with transaction.atomic():
        make_job()
        age_events("at = now() - interval '8 days'", 2)
        assert database_rows("SELECT job_event_trim()") == [(1,)]
    assert len(events_after()) == 1


def test_one_session_trims_at_a_time_without_blocking_others(at_once: Run) -> None:
    make_job()
    age_events("at = now() - interval '8 days'", 1)
    wait_until_final()
    with transaction.atomic():
        assert database_rows("SELECT job_event_trim()") == [(1,)]
        assert at_once(lambda: database_rows("SELECT job_event_trim()")) == [[(0,)]]
        at_once(make_job)


@pytest.fixture(
    params=[
        "UPDATE job_feed_running SET started = 'epoch'",
        "UPDATE job_feed_running SET place = 'another'",
        "UPDATE job_feed_running SET era = era",
        "TRUNCATE job_feed_running",
    ],
    ids=["server restart", "copied database", "reinserted row", "crash"],
)
def new_era(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_new_era_keeps_cursors_and_events(new_era: str) -> None:
    make_job("Before")
    [before] = events_after()
    database_rows(new_era)
    assert database_rows("SELECT job_feed_current()") == [(None,)]
    assert events_after(before.id) == []
    assert events_after() == [before]
    make_job("After")
    [after] = events_after(before.id)
    assert after.job.name == "After"
    database_rows(new_era)
    make_job("Last")  # the writer begins the era
    assert [event.job.name for event in events_after(before.id)] == ["After", "Last"]
    assert [event.job.name for event in events_after(after.id)] == ["Last"]


def test_a_rolled_back_era_leaves_no_trace(new_era: str) -> None:
    make_job("Before")
    [before] = events_after()
    database_rows(new_era)
    with suppress(ZeroDivisionError), transaction.atomic():
        make_job("Never")
        raise ZeroDivisionError
    make_job("After")
    assert [event.job.name for event in events_after(before.id)] == ["After"]


def test_one_session_begins_the_era_and_the_others_use_it(new_era: str, at_once: Run) -> None:
    database_rows(new_era)
    [(era,)] = database_rows("SELECT max(era) FROM job_feed_era")
    at_once(*[make_job] * 4, *[lambda: read_events(NOW, 1)] * 4)
    assert database_rows("SELECT max(era) FROM job_feed_era") == [(era + 1,)]
    assert len(events_after()) == 4


def test_a_bulk_load_begins_the_era_before_its_first_event(new_era: str) -> None:
    make_job("Before")
    [before] = events_after()
    database_rows(new_era)
    copied = "COPY job (name, current_status, created_at, updated_at) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copied) as rows:
        for number in range(300):
            rows.write_row((f"Copied {number}", "PENDING", "2020-01-01Z", "2020-01-01Z"))
    in_current_era = "SELECT DISTINCT turn >> 44 = (SELECT max(era) FROM job_feed_era) FROM job_event WHERE name LIKE 'Copied%'"
    assert database_rows(in_current_era) == [(True,)]
    assert len(events_after(before.id, limit=200)) == 300


def test_a_long_import_begins_the_era_before_its_transaction(new_era: str, at_once: Run) -> None:
    database_rows(new_era)
    eras = "SELECT count(*) FROM job_feed_era"
    [(before,)] = database_rows(eras)
    held = Event()

    def hold() -> None:
        with transaction.atomic():
            database_rows("LOCK TABLE job IN SHARE MODE")
            held.set()
            eventually(lambda: database_rows(eras) == [(before + 1,)])
            assert read_events(NOW, 1).events == []

    def create() -> None:
        assert held.wait(60)
        with Staging() as staging:
            staging.add([{"name": "Imported"}])
            staging.create_jobs(120)

    at_once(hold, create)
    assert database_rows(eras) == [(before + 1,)]
    assert [event.job.name for event in events_after()] == ["Imported"]


def test_every_returned_cursor_is_covered_by_job_feed_given() -> None:
    make_job()
    wait_until_final()
    cursors = [read_events(START, 5).cursor, read_events(NOW, 1).cursor, resolve_cursor(NOW)]
    make_job()
    wait_until_final()
    cursors.append(assert_expired("01234567-1-1"))
    [(given,)] = database_rows("SELECT max(turn) FROM job_feed_given")
    turns = [int(cursor.split("-")[1]) for cursor in cursors]
    assert given == turns[3] > turns[0] == turns[1] == turns[2]


def test_an_event_first_returned_in_the_next_era_has_its_mark(new_era: str) -> None:
    """A cursor at it with the earlier mark belongs to a future that was rolled back."""
    make_job("Given")
    [given] = events_after()
    make_job("Not given")
    wait_until_final()
    database_rows(new_era)
    [event] = events_after(given.id)
    assert event.job.name == "Not given"
    assert_expired("-".join([given.id.split("-")[0], *event.id.split("-")[1:]]))
    database_rows(new_era)
    assert events_after() == [given, event]
    assert events_after(event.id) == []


def test_reinserted_rows_of_an_era_begin_a_new_one() -> None:
    make_job()
    [event] = events_after()
    database_rows("UPDATE job_feed_era SET began_at = began_at")
    database_rows("UPDATE job_feed_given SET turn = turn - 1")
    assert_expired(event.id)


def test_a_cursor_at_a_missing_event_expires() -> None:
    make_job()
    [event] = events_after()
    database_rows("DELETE FROM job_event")
    make_job()
    assert_expired(event.id)


def test_the_table_of_the_running_era_is_unlogged() -> None:
    kind = "SELECT relpersistence FROM pg_class WHERE oid = 'job_feed_running'::regclass"
    assert database_rows(kind) == [("u",)]  # unlogged


def test_a_cursor_above_the_end_is_expired() -> None:
    tag, turn, _ = read_events(NOW, 1).cursor.split("-")
    assert_expired(f"{tag}-{int(turn) + 1}-1")
    assert_expired(f"{tag}-{10**17}-0")


def test_truncate_expires_all_cursors() -> None:
    make_job()
    old = events_after()[0].id
    database_rows("TRUNCATE job CASCADE")
    assert events_after(assert_expired(old)) == events_after() == []
