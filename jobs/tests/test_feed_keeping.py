"""How long events are kept, and what becomes of cursors to those that are not."""

from contextlib import suppress
from threading import Event

import pytest
from django.db import connection, transaction

from jobs.feed import NOW, START, beginning, read_events
from jobs.importing import Staging
from jobs.models import Job
from jobs.tests.conftest import Run
from jobs.tests.consumer import age, gone, rest
from jobs.tests.factories import database_rows, fill, make_job, settle
from jobs.tests.served import soon

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
    params=[
        "UPDATE job_feed_running SET started = 'epoch'",
        "UPDATE job_feed_running SET place = 'another'",
        "UPDATE job_feed_running SET era = era",
        "TRUNCATE job_feed_running",
    ],
    ids=["another start", "another database", "its row put in again", "a crash"],
)
def new_era(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_new_era_costs_no_cursor_and_no_event(new_era: str) -> None:
    make_job("Before")
    [before] = rest()
    database_rows(new_era)
    assert database_rows("SELECT job_feed_current()") == [(None,)]
    assert rest(before.id) == []
    assert rest() == [before]
    make_job("After")
    [after] = rest(before.id)
    assert after.name == "After"
    database_rows(new_era)
    make_job("Last")  # the writer begins it
    assert [event.name for event in rest(before.id)] == ["After", "Last"]
    assert [event.name for event in rest(after.id)] == ["Last"]


def test_a_writer_that_undoes_its_era_leaves_none(new_era: str) -> None:
    make_job("Before")
    [before] = rest()
    database_rows(new_era)
    with suppress(ZeroDivisionError), transaction.atomic():
        make_job("Never")
        raise ZeroDivisionError
    make_job("After")
    assert [event.name for event in rest(before.id)] == ["After"]


def test_one_begins_the_era_and_the_others_find_it(new_era: str, at_once: Run) -> None:
    database_rows(new_era)
    [(era,)] = database_rows("SELECT max(era) FROM job_feed_era")
    at_once(*[make_job] * 4, *[lambda: read_events(NOW, 1)] * 4)
    assert database_rows("SELECT max(era) FROM job_feed_era") == [(era + 1,)]
    assert len(rest()) == 4


def test_a_bulk_load_begins_the_era_before_its_first_event(new_era: str) -> None:
    make_job("Before")
    [before] = rest()
    database_rows(new_era)
    copied = "COPY job (name, current_status, created_at, updated_at) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copied) as rows:
        for number in range(300):
            rows.write_row((f"Copied {number}", "PENDING", "2020-01-01Z", "2020-01-01Z"))
    told = "SELECT DISTINCT turn >> 44 = (SELECT max(era) FROM job_feed_era) FROM job_event WHERE name LIKE 'Copied%'"
    assert database_rows(told) == [(True,)]
    assert len(rest(before.id, limit=200)) == 300


def test_a_long_import_begins_the_era_before_its_transaction(new_era: str, at_once: Run) -> None:
    database_rows(new_era)
    eras = "SELECT count(*) FROM job_feed_era"
    [(before,)] = database_rows(eras)
    held = Event()

    def hold() -> None:
        with transaction.atomic():
            database_rows("LOCK TABLE job IN SHARE MODE")
            held.set()
            assert soon(lambda: database_rows(eras) == [(before + 1,)], 60)
            assert read_events(NOW, 1).events == []

    def create() -> None:
        assert held.wait(60)
        with Staging() as staging:
            staging.add(["Imported"])
            staging.create_jobs(120)

    at_once(hold, create)
    assert database_rows(eras) == [(before + 1,)]
    assert [event.name for event in rest()] == ["Imported"]


def test_the_release_before_ends_its_cursors_with_each_era(new_era: str) -> None:
    make_job()
    [(tag,)] = database_rows("SELECT tag FROM job_feed")
    database_rows(new_era)
    make_job()
    assert database_rows("SELECT tag FROM job_feed") != [(tag,)]
    assert len(rest()) == 2
    database_rows("SELECT job_feed_restart()")  # what it asks after a crash
    assert len(rest()) == 2


def test_cursors_of_the_release_before_are_good() -> None:
    """Of the era that the migration begins: from before it, and from processes that still run."""
    database_rows("UPDATE job_feed SET low_turn = 0, low_id = 0")
    [(tag,)] = database_rows("SELECT tag FROM job_feed")
    settle()
    [(edge,)] = database_rows("SELECT job_feed_open_turn()")
    old = f"{tag}-999-0", f"{tag}-{edge}-0"
    assert [rest(cursor) for cursor in old] == [[], []]
    make_job("New")
    assert [[event.name for event in rest(cursor)] for cursor in old] == [["New"], ["New"]]
    gone(f"{tag}-{edge + (1 << 40)}-0")


def test_no_cursor_is_given_out_that_is_not_written_down() -> None:
    make_job()
    settle()
    cursors = [read_events(START, 5).cursor, read_events(NOW, 1).cursor, beginning(NOW)]
    make_job()
    settle()
    cursors.append(gone("01234567-1-1"))
    [(given,)] = database_rows("SELECT max(turn) FROM job_feed_given")
    turns = [int(cursor.split("-")[1]) for cursor in cursors]
    assert given == turns[3] > turns[0] == turns[1] == turns[2]


def test_what_an_era_did_not_give_out_is_of_the_next_one(new_era: str) -> None:
    """A cursor on it that was given out before is of a future that was undone."""
    make_job("Given")
    [given] = rest()
    make_job("Not given")
    settle()
    database_rows(new_era)
    [event] = rest(given.id)
    assert event.name == "Not given"
    gone("-".join([given.id.split("-")[0], *event.id.split("-")[1:]]))
    database_rows(new_era)
    assert rest() == [given, event]
    assert rest(event.id) == []


def test_rows_of_an_era_that_were_put_in_again_begin_another() -> None:
    make_job()
    [event] = rest()
    database_rows("UPDATE job_feed_era SET began_at = began_at")
    database_rows("UPDATE job_feed_given SET turn = turn - 1")
    gone(event.id)


def test_an_event_that_disappeared_ends_the_cursor_at_it() -> None:
    make_job()
    [event] = rest()
    database_rows("DELETE FROM job_event")
    make_job()
    gone(event.id)


def test_a_crash_empties_what_says_that_there_was_none() -> None:
    kind = "SELECT relpersistence FROM pg_class WHERE oid = 'job_feed_running'::regclass"
    assert database_rows(kind) == [("u",)]  # unlogged


def test_a_cursor_of_a_future_that_was_undone_is_gone() -> None:
    tag, turn, _ = read_events(NOW, 1).cursor.split("-")
    gone(f"{tag}-{int(turn) + 1}-1")
    gone(f"{tag}-{10**17}-0")


def test_truncating_the_jobs_begins_anew() -> None:
    make_job()
    old = rest()[0].id
    database_rows("TRUNCATE job CASCADE")
    assert rest(gone(old)) == rest() == []
