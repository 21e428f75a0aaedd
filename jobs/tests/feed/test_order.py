"""The change feed during concurrent writes: no event is missed, and a job's events are in the order of its changes."""

from dataclasses import replace
from functools import partial
from random import Random
from threading import Barrier, Event, Thread
from time import sleep

import pytest
from django.db import OperationalError, connection, connections, transaction

from jobs.feed import read_events
from jobs.feed_cursor import NOW, START
from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.models import Job
from jobs.statuses import StatusType
from jobs.tests.conftest import Run
from jobs.tests.consumer import Table, apply, event_summaries, events_after, stored
from jobs.tests.factories import (
    COMPLETED,
    RUNNING,
    database_rows,
    make_job,
    wait_until_final,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_events_follow_the_order_of_changes_and_not_of_transaction_numbers(at_once: Run) -> None:
    first, second = make_job("First").pk, make_job("Second").pk
    begun, changed = Barrier(2), Event()

    def older() -> None:
        with transaction.atomic():
            Job.objects.record_status(first, RUNNING)  # gets the lower transaction number
            begun.wait(60)
            assert changed.wait(60)
            Job.objects.record_status(second, COMPLETED)

    def younger() -> None:
        begun.wait(60)
        Job.objects.record_status(second, RUNNING)
        changed.set()

    at_once(older, younger)
    table: Table = {}
    apply(table, events_after())
    assert table == stored()
    assert table[second].current_status == "COMPLETED"


def test_no_event_is_missed_while_an_older_transaction_is_open(at_once: Run) -> None:
    begun, changed = Barrier(2), Event()
    seen: list[str] = []
    wait_until_final()
    cursor = read_events(NOW, 1).cursor

    def older() -> None:
        with transaction.atomic():
            make_job("Older")
            begun.wait(60)
            assert changed.wait(60)

    def younger() -> None:
        nonlocal cursor
        begun.wait(60)
        make_job("Younger")
        page = read_events(cursor, 10)
        seen.extend(event.job.name for event in page.events)
        cursor = page.cursor
        changed.set()

    at_once(older, younger)
    seen += [event.job.name for event in events_after(cursor)]
    assert sorted(seen) == ["Older", "Younger"]


def follow(cursor: str, over: Event, table: Table) -> None:
    """A consumer: reads page after page until `over` is set and no events are left."""
    try:
        while True:
            if ending := over.is_set():
                wait_until_final()
            page = read_events(cursor, 50)
            apply(table, page.events)
            cursor = page.cursor
            if ending and not page.more:
                return
            sleep(0.005)
    finally:
        connections.close_all()


def test_a_consumer_has_an_exact_copy_after_rollbacks_and_a_killed_connection(at_once: Run) -> None:
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
            Job.objects.edit(job, name=f"Name {random.random()}")
        elif dice < 0.8:
            row = Job.objects.row(job)
            if row:
                Job.objects.record_status(job, RUNNING, name=row.name + "'")
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
            # The killed connection, and deadlocks of transactions with two jobs
            except OperationalError:
                connection.close()

    try:
        at_once(*(partial(write, writer) for writer in range(8)))
    finally:
        over.set()
        consumer.join()
    assert killed
    assert table == stored()
    again: Table = {}
    apply(again, events_after())
    assert again == table


def test_a_list_read_during_writes_plus_the_feed_is_an_exact_copy(at_once: Run) -> None:
    shared = [make_job(f"Job {number}").pk for number in range(30)]
    table: Table = {}
    cursors: list[str] = []

    def write(writer: int) -> None:
        random = Random(writer)
        for number in range(60):
            dice = random.random()
            if dice < 0.4:
                Job.objects.record_status(random.choice(shared), random.choice(list(StatusType)))
            elif dice < 0.7:  # changes its position in a list sorted by name
                Job.objects.edit(random.choice(shared), name=f"{random.random()} {number}")
            elif dice < 0.85:
                Job.objects.remove(random.choice(shared))
            else:
                make_job(f"{random.random()}")

    def copy() -> None:
        cursors.append(read_events(NOW, 1).cursor)
        page = JobFilter(ordering="name", page_size=2)
        while True:
            found = JobList(page).page()
            table.update({row.id: row for row in found.rows})
            if not found.next:
                return
            page = replace(page, cursor=found.next)

    at_once(*(partial(write, writer) for writer in range(4)), copy)
    for event in events_after(cursors[0]):
        if event.type == "job.deleted":
            table.pop(event.job.id, None)
        else:
            apply(table, [event])
    assert table == stored()


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_transaction_on_an_older_snapshot_appends_in_order_and_trims_nothing(
    level: str, at_once: Run
) -> None:
    job = make_job()
    wait_until_final()
    with transaction.atomic():
        database_rows(f"SET TRANSACTION ISOLATION LEVEL {level}")
        assert database_rows("SELECT count(*) FROM job") == [(1,)]
        at_once(make_job)
        at_once(wait_until_final)
        Job.objects.record_status(job.pk, RUNNING)
        assert database_rows("SELECT job_event_trim()") == [(0,)]
        before = at_once(lambda: read_events(NOW, 1).cursor)[0]
    assert event_summaries(before) == [("status_changed", job.name, "RUNNING")]
