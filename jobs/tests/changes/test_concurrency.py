"""Concurrent writers on separate connections, changing the same rows."""

from functools import partial
from random import Random
from threading import Barrier, Event

import pytest
from django.db import transaction

from jobs.models import Job
from jobs.statuses import StatusType
from jobs.tests.blocking import blocks_another_session
from jobs.tests.conftest import Run
from jobs.tests.consistency import assert_consistent, assert_counters_exact
from jobs.tests.factories import COMPLETED, FAILED, RUNNING, database_rows, history_of, make_job

pytestmark = pytest.mark.django_db(transaction=True)

CHANGES = 40


def test_concurrent_changes_of_a_job_keep_status_history_and_time_consistent(at_once: Run) -> None:
    job = make_job()
    start = Barrier(4)

    def change(status: StatusType) -> None:
        start.wait()
        for _ in range(CHANGES):
            Job.objects.record_status(job.pk, status)

    at_once(*(partial(change, status) for status in StatusType))
    assert len(history_of(job)) == 1 + 4 * CHANGES
    assert_consistent()


def test_a_rename_concurrent_with_status_changes_loses_neither(at_once: Run) -> None:
    job = make_job()

    def rename() -> None:
        for number in range(CHANGES):
            Job.objects.edit(job.pk, name=f"Name {number}")

    def change() -> None:
        for _ in range(CHANGES):
            Job.objects.record_status(job.pk, RUNNING)

    at_once(rename, change)
    stored = Job.objects.get()
    assert (stored.name, stored.current_status) == (f"Name {CHANGES - 1}", RUNNING)
    assert len(history_of(job)) == 1 + CHANGES
    assert stored.updated_at >= stored.statuses.latest("id").timestamp


def test_a_change_waits_for_a_concurrent_change_and_is_later(at_once: Run) -> None:
    job = make_job()
    # The first reads the clock and keeps the row locked; the second begins meanwhile.
    slow = f"""
        UPDATE job SET current_status = 'RUNNING', updated_at = now() + interval '1 hour'
            WHERE id = {job.pk};
        INSERT INTO job_status (job_id, status_type, "timestamp")
            SELECT id, current_status, updated_at FROM job WHERE id = {job.pk}
    """
    held = Event()

    def first() -> bool:
        with transaction.atomic():
            database_rows(slow)
            held.set()
            return blocks_another_session()

    def second() -> None:
        held.wait(60)
        Job.objects.record_status(job.pk, FAILED)

    assert at_once(first, second) == [True, None]
    assert history_of(job) == ["PENDING", "RUNNING", "FAILED"]
    assert_consistent()


def test_counters_are_exact_at_every_read_during_writes_and_compaction(at_once: Run) -> None:
    shared = [make_job().pk for _ in range(10)]
    writing = list(range(8))

    def write(writer: int) -> None:
        random = Random(writer)
        try:
            for _ in range(CHANGES):
                Job.objects.record_status(random.choice(shared), random.choice(list(StatusType)))
                own = make_job(status=random.choice(list(StatusType)))
                if random.random() < 0.5:
                    own.delete()
        finally:
            writing.remove(writer)

    def compact(limit: int) -> int:
        compacted, more = 0, True
        while more:
            more = bool(writing)  # and once more when all is written
            compacted += database_rows(f"SELECT job_count_fold({limit})")[0][0]
        return compacted

    def read() -> None:
        while writing:
            assert_counters_exact()

    *_, some, many, _ = at_once(
        *(partial(write, writer) for writer in list(writing)),
        partial(compact, 7),
        partial(compact, 5_000),
        read,
    )
    assert some + many > 0
    assert_consistent()


def test_delta_rows_stay_few_during_writes_without_reads(at_once: Run) -> None:
    def write(job_id: int) -> None:
        # Each statement appends two delta rows and is committed. One in 200 compacts, at random.
        database_rows(
            f"""
            DO $$ BEGIN
                PERFORM setseed(0);
                FOR number IN 1..500 LOOP
                    UPDATE job SET current_status = 'RUNNING' WHERE id = {job_id};
                    COMMIT;
                    UPDATE job SET current_status = 'PENDING' WHERE id = {job_id};
                    COMMIT;
                END LOOP;
            END $$
            """
        )

    at_once(*(partial(write, make_job().pk) for _ in range(8)))
    # Of 16,000
    assert database_rows("SELECT count(*) < 5000 FROM job_count") == [(True,)]
    assert_counters_exact()


def test_compaction_in_a_long_transaction_blocks_no_one(at_once: Run) -> None:
    make_job(status=RUNNING)
    compacted, done = Event(), Event()

    def hold() -> bool:
        with transaction.atomic():
            database_rows("SELECT job_count_fold()")
            compacted.set()
            return done.wait(60)

    def use_counters() -> None:
        compacted.wait(60)
        make_job(status=FAILED).delete()
        database_rows("SELECT job_count_fold()")
        assert_counters_exact()
        done.set()

    assert at_once(hold, use_counters) == [True, None]
    assert_consistent()


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_transaction_on_an_older_snapshot_never_fails_because_of_compaction(
    level: str, at_once: Run
) -> None:
    make_job(status=RUNNING)
    with transaction.atomic():
        database_rows(f"SET TRANSACTION ISOLATION LEVEL {level}")
        assert Job.objects.counts().total().value == 1
        at_once(lambda: database_rows("SELECT job_count_fold()"))
        assert database_rows("SELECT job_count_fold()") == [(0,)]
        make_job()
    assert_consistent()


def test_truncate_during_compaction_resets_the_counts(at_once: Run) -> None:
    make_job(status=RUNNING)
    compacted = Event()

    def compact() -> bool:
        with transaction.atomic():
            database_rows("SELECT job_count_fold()")
            compacted.set()
            return blocks_another_session()

    def truncate() -> None:
        compacted.wait(60)
        database_rows("TRUNCATE job CASCADE")

    assert at_once(compact, truncate) == [True, None]
    assert database_rows("SELECT * FROM job_count") == []


def test_a_deletion_concurrent_with_changes_leaves_no_rows(at_once: Run) -> None:
    for _ in range(10):
        job_id = make_job().pk
        start = Barrier(3)

        def change(job_id: int = job_id, start: Barrier = start) -> list[bool]:
            start.wait()
            return [Job.objects.record_status(job_id, COMPLETED) is not None for _ in range(5)]

        def delete(job_id: int = job_id, start: Barrier = start) -> int:
            start.wait()
            return int(Job.objects.filter(pk=job_id).delete()[0])

        first, second, deleted = at_once(change, change, delete)
        assert deleted == 1
        # once a change has not found the job, no later one finds it
        assert [sorted(first, reverse=True), sorted(second, reverse=True)] == [first, second]
    assert database_rows("SELECT count(*) FROM job_status") == [(0,)]
    assert_consistent()
