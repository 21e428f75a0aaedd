"""The change feed: what it says of each write, in which order, from where on, and for how long."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import pairwise
from random import Random
from threading import Barrier, Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from jobs import feed
from jobs.feed import NOW, START, FeedGone, InvalidPlace, read_events
from jobs.models import Job
from jobs.statuses import StatusType
from jobs.tests.conftest import Run
from jobs.tests.factories import (
    COMPLETED,
    FAILED,
    PENDING,
    RUNNING,
    database_rows,
    fill,
    make_job,
    settle,
)

pytestmark = pytest.mark.django_db(transaction=True)

Table = dict[int, tuple[str, str, str, str]]


def apply(table: Table, events: list[feed.Event]) -> None:
    """What docs and schema tell a consumer to do."""
    for event in events:
        if event.type == "job.deleted":
            table.pop(event.job_id)
        else:
            table[event.job_id] = (
                event.name,
                event.status_type,
                event.created_at,
                event.updated_at,
            )


def stored() -> Table:
    rows = Job.objects.all().values_list("id", flat=True)
    return {job_id: tuple(Job.objects.row(job_id) or ())[1:] for job_id in rows}  # type: ignore[misc]


def rest(after: str = START, limit: int = 7) -> list[feed.Event]:
    """Everything behind the cursor, page by page."""
    found = []
    settle()
    while True:
        page = read_events(after, limit)
        found += page.events
        after = page.cursor
        if not page.more:
            return found


def happened(after: str = START) -> list[tuple[str, str, str]]:
    return [(event.type[4:], event.name, event.status_type) for event in rest(after)]


def test_each_write_is_told_with_the_job_as_it_was_after_it() -> None:
    job = Job.objects.create_pending("Wing")
    Job.objects.record_status(job.id, RUNNING)
    Job.objects.rename(job.id, "Wing 2")
    changed = Job.objects.record_status(job.id, FAILED, "Wing 3")
    assert changed is not None
    Job.objects.undo_status(job.id, datetime.fromisoformat(changed.updated_at))
    Job.objects.remove(job.id)
    assert happened() == [
        ("created", "Wing", "PENDING"),
        ("status_changed", "Wing", "RUNNING"),
        ("renamed", "Wing 2", "RUNNING"),
        ("renamed", "Wing 3", "FAILED"),
        ("status_changed", "Wing 3", "FAILED"),
        ("status_changed", "Wing 3", "RUNNING"),
        ("deleted", "Wing 3", "RUNNING"),
    ]
    events = rest()
    assert {event.job_id for event in events} == {job.id}
    assert {event.created_at for event in events} == {job.created_at}
    assert events[4].updated_at == changed.updated_at
    assert (events[5].undoes, events[4].undoes) == (events[4].status_id, None)
    assert "undoes" in events[5].content()
    assert not {"undoes", "status_id"} & events[0].content().keys()
    assert all(before.at <= after.at for before, after in pairwise(events))


def test_the_same_status_and_the_same_name_again_are_told_too() -> None:
    job = Job.objects.create_pending("Wing")
    Job.objects.record_status(job.id, PENDING)
    Job.objects.rename(job.id, "Wing")
    Job.objects.record_status(job.id, PENDING, "Tail")
    assert [told for told, *_ in happened()] == [
        "created",
        "status_changed",
        "renamed",
        "renamed",
        "status_changed",
    ]
    entries = database_rows("SELECT id FROM job_status ORDER BY id")[1:]
    assert [(event.status_id,) for event in rest() if event.status_id] == entries


def test_what_changes_nothing_is_not_told() -> None:
    job = make_job()
    settle()
    before = read_events(NOW, 1).cursor
    Job.objects.rename(job.pk + 1, "Nobody")
    Job.objects.remove(job.pk + 1)
    with transaction.atomic():
        make_job()
        transaction.set_rollback(True)
    assert rest(before) == []


def test_statements_over_many_jobs_tell_of_each_of_them() -> None:
    ids = fill(2_000)
    began = monotonic()
    database_rows(
        """
        WITH changed AS (
            UPDATE job SET current_status = 'FAILED', updated_at = clock_timestamp() RETURNING *
        ) INSERT INTO job_status (job_id, status_type, "timestamp")
        SELECT id, current_status, updated_at FROM changed
        """
    )
    assert monotonic() - began < 2  # compared each with each it would take many times as long
    with connection.cursor() as cursor:
        copied = "COPY job (name, current_status, created_at, updated_at) FROM STDIN"
        with cursor.copy(copied) as rows:
            for number in range(500):
                rows.write_row((f"Copied {number}", "COMPLETED", "2020-01-01Z", "2020-02-01Z"))
    table: Table = {}
    apply(table, rest(limit=900))
    assert table == stored()
    database_rows("DELETE FROM job")
    told = [event.type for event in rest(limit=900)]
    assert [told.count(kind) for kind in feed.TYPES] == [2_500, 0, 2_000, 2_500]
    assert sorted(event.job_id for event in rest(limit=900) if event.status_id) == ids


def test_every_cursor_goes_on_exactly_behind_it() -> None:
    for number in range(5):
        make_job(f"Job {number}", status=RUNNING)
    events = rest()
    assert len(events) == 10
    for number, event in enumerate(events):
        assert rest(event.id) == events[number + 1 :]
    page = read_events(START, 4)
    assert (page.events, page.cursor, page.more) == (events[:4], events[3].id, True)
    assert read_events(START, 10).more is False
    assert rest(read_events(NOW, 1).cursor) == []


def test_an_order_of_changes_is_told_even_against_that_of_their_transactions(at_once: Run) -> None:
    first, second = make_job("First").pk, make_job("Second").pk
    begun, changed = Barrier(2), Event()

    def older() -> None:
        with transaction.atomic():
            Job.objects.record_status(first, RUNNING)  # takes the lower number
            begun.wait(5)
            assert changed.wait(5)
            Job.objects.record_status(second, COMPLETED)

    def younger() -> None:
        begun.wait(5)
        Job.objects.record_status(second, RUNNING)
        changed.set()

    at_once(older, younger)
    table: Table = {}
    apply(table, rest())
    assert table == stored()
    assert table[second][1] == "COMPLETED"


def test_nothing_is_passed_over_while_an_older_transaction_is_open(at_once: Run) -> None:
    begun, changed = Barrier(2), Event()
    seen: list[str] = []
    settle()
    cursor = read_events(NOW, 1).cursor

    def older() -> None:
        with transaction.atomic():
            make_job("Older")
            begun.wait(5)
            assert changed.wait(5)

    def younger() -> None:
        nonlocal cursor
        begun.wait(5)
        make_job("Younger")
        page = read_events(cursor, 10)
        seen.extend(event.name for event in page.events)
        cursor = page.cursor
        changed.set()

    at_once(older, younger)
    seen += [event.name for event in rest(cursor)]
    assert sorted(seen) == ["Older", "Younger"]


def follow(cursor: str, over: Event, table: Table) -> None:
    """A consumer: one page after the other, until there is nothing more to come."""
    try:
        while True:
            if ending := over.is_set():
                settle()
            page = read_events(cursor, 50)
            apply(table, page.events)
            cursor = page.cursor
            if ending and not page.more:
                return
            sleep(0.005)
    finally:
        connections.close_all()


def test_eight_writers_rollbacks_and_a_killed_connection_leave_an_exact_table(at_once: Run) -> None:
    shared = [make_job().pk for _ in range(12)]
    table: Table = {}
    over = Event()
    killed: list[int] = []
    consumer = Thread(target=follow, args=(START, over, table))
    consumer.start()

    def act(random: Random) -> None:
        job, dice = random.choice(shared), random.random()
        if dice < 0.5:
            Job.objects.record_status(job, random.choice(list(StatusType)))
        elif dice < 0.65:
            Job.objects.rename(job, f"Name {random.random()}")
        elif dice < 0.8:
            row = Job.objects.row(job)
            if row:
                Job.objects.record_status(job, RUNNING, row.name + "'")
        else:
            own = make_job().pk
            if dice < 0.9:
                Job.objects.remove(own)

    def write(writer: int) -> None:
        random = Random(writer)
        for number in range(60):
            try:
                if random.random() < 0.6:
                    act(random)
                    continue
                with transaction.atomic():
                    for _ in range(random.randrange(1, 4)):
                        act(random)
                        sleep(random.random() * 0.01)
                    if writer == 3 and number > 30 and not killed:
                        killed.append(database_rows("SELECT pg_backend_pid()")[0][0])
                        database_rows("SELECT pg_terminate_backend(pg_backend_pid())")
                    transaction.set_rollback(random.random() < 0.3)
            except OperationalError:  # the killed one, and deadlocks of those who take two jobs
                connection.close()

    try:
        at_once(*(partial(write, writer) for writer in range(8)))
    finally:
        over.set()
        consumer.join()
    assert killed
    assert table == stored()
    again: Table = {}
    apply(again, rest())
    assert again == table


@pytest.mark.parametrize(
    "cursor", ["", "x", "0-0", "1234567g-1-1", "12345678-1", "12345678-٣-1", "12345678-1-1 "]
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidPlace):
        read_events(cursor, 1)


def gone(cursor: str) -> str:
    with pytest.raises(FeedGone) as caught:
        read_events(cursor, 5)
    return caught.value.cursor


def age(how: str, number: int) -> None:
    """The oldest so many, once they are final."""
    database_rows(
        f"UPDATE job_event SET {how} WHERE id IN (SELECT id FROM job_event ORDER BY turn, id LIMIT {number})"
    )


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
    make_job()
    settle()
    assert database_rows("SELECT job_event_trim()") == [(2,)]
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


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_transaction_on_an_older_snapshot_tells_in_order_and_removes_nothing(
    level: str, at_once: Run
) -> None:
    job = make_job()
    with transaction.atomic():
        database_rows(f"SET TRANSACTION ISOLATION LEVEL {level}")
        assert database_rows("SELECT count(*) FROM job") == [(1,)]
        at_once(make_job)
        Job.objects.record_status(job.pk, RUNNING)
        assert database_rows("SELECT job_event_trim()") == [(0,)]
        before = at_once(lambda: read_events(NOW, 1).cursor)[0]
    assert happened(before) == [("status_changed", job.name, "RUNNING")]


def test_one_trims_at_a_time_and_nobody_waits(at_once: Run) -> None:
    make_job()
    age("at = now() - interval '8 days'", 1)
    settle()
    with transaction.atomic():
        assert database_rows("SELECT job_event_trim()") == [(1,)]
        assert at_once(lambda: database_rows("SELECT job_event_trim()")) == [[(0,)]]
        at_once(make_job)


@pytest.fixture
def another_origin() -> Iterator[Callable[[], object]]:
    yield lambda: database_rows("UPDATE job_feed SET origin = '1/00000001'")
    database_rows("SELECT job_feed_restart()")


def test_cursors_end_with_the_cluster_they_were_given_in(another_origin: Any) -> None:
    make_job()
    old = rest()[0].id
    another_origin()  # as after restoring a dump
    new = gone(old)
    assert rest(new) == rest() == []
    gone(old)
    make_job("After")
    assert [event.name for event in rest(new)] == ["After"]


def test_a_cursor_of_a_future_that_was_undone_is_gone() -> None:
    tag, turn, _ = read_events(NOW, 1).cursor.split("-")
    gone(f"{tag}-{int(turn) + 1}-0")
    gone(f"{tag}-{10**17}-0")


def test_truncating_the_jobs_begins_anew() -> None:
    make_job()
    old = rest()[0].id
    database_rows("TRUNCATE job CASCADE")
    assert rest(gone(old)) == rest() == []


def test_a_page_is_one_range_of_the_key() -> None:
    fill(5_000)
    database_rows("ANALYZE job_event")
    for after in (START, rest(limit=1_000)[2_500].id):
        _, turn, place = (None, None, None) if after == START else after.split("-")
        sql = feed.READ % {
            "turn": turn or "NULL::bigint",
            "id": place or "NULL::bigint",
            "limit": 20,
        }
        plan = "\n".join(line for (line,) in database_rows(f"EXPLAIN (ANALYZE, BUFFERS) {sql}"))
        assert "Index Scan using job_event_pkey" in plan
        assert "Seq Scan on job_event" not in plan
        assert "Rows Removed" not in plan
