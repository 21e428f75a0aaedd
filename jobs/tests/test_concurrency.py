"""Writers on connections of their own, at the same time, on the same rows."""

from functools import partial
from random import Random
from threading import Barrier, Event
from time import monotonic, sleep

import pytest
from django.db import transaction

from jobs.models import Job
from jobs.statuses import StatusType
from jobs.tests.conftest import Run
from jobs.tests.factories import COMPLETED, FAILED, RUNNING, database_rows, history_of, make_job

pytestmark = pytest.mark.django_db(transaction=True)

CHANGES = 40
JOBS_OUT_OF_STEP = """
    SELECT job.id FROM job
    LEFT JOIN LATERAL (
        SELECT * FROM job_status WHERE job_id = job.id ORDER BY id DESC LIMIT 1
    ) AS newest ON true
    WHERE newest.status_type IS DISTINCT FROM job.current_status
        OR newest.timestamp IS DISTINCT FROM job.updated_at
"""
STEPS_BACK_IN_TIME = """
    SELECT * FROM (
        SELECT id, "timestamp" - lag("timestamp") OVER (PARTITION BY job_id ORDER BY id) AS step
        FROM job_status
    ) AS steps WHERE step < interval '0'
"""
WRONG_COUNTERS = """
    SELECT status, n, counted FROM job_counts
    FULL JOIN (SELECT current_status AS status, count(*) AS counted FROM job GROUP BY 1) AS truth
    USING (status) WHERE coalesce(n, 0) <> coalesce(counted, 0)
"""


def assert_consistent() -> None:
    assert database_rows(JOBS_OUT_OF_STEP) == []
    assert database_rows(STEPS_BACK_IN_TIME) == []
    assert database_rows(WRONG_COUNTERS) == []


def somebody_waits_for_me() -> bool:
    """Whether, within 25 seconds, another connection comes to wait for what this one holds."""
    waiting = "SELECT pid FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    end = monotonic() + 25
    while monotonic() < end:
        if database_rows(waiting):
            return True
        sleep(0.02)
    return False


def test_one_job_changed_by_many_keeps_status_history_and_time_in_step(at_once: Run) -> None:
    job = make_job()
    start = Barrier(4)

    def change(status: StatusType) -> None:
        start.wait()
        for _ in range(CHANGES):
            Job.objects.record_status(job.pk, status)

    at_once(*(partial(change, status) for status in StatusType))
    assert len(history_of(job)) == 1 + 4 * CHANGES
    assert_consistent()


def test_a_rename_beside_status_changes_loses_neither(at_once: Run) -> None:
    job = make_job()

    def rename() -> None:
        for number in range(CHANGES):
            Job.objects.rename(job.pk, f"Name {number}")

    def change() -> None:
        for _ in range(CHANGES):
            Job.objects.record_status(job.pk, RUNNING)

    at_once(rename, change)
    stored = Job.objects.get()
    assert (stored.name, stored.current_status) == (f"Name {CHANGES - 1}", RUNNING)
    assert len(history_of(job)) == 1 + CHANGES
    assert stored.updated_at >= stored.statuses.latest("id").timestamp


def test_a_change_waits_for_the_one_before_and_is_later(at_once: Run) -> None:
    job = make_job()
    # The first holds the row for a while, having read the clock; the second begins in that while.
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
            return somebody_waits_for_me()

    def second() -> None:
        held.wait(25)
        Job.objects.record_status(job.pk, FAILED)

    assert at_once(first, second) == [True, None]
    assert history_of(job) == ["PENDING", "RUNNING", "FAILED"]
    assert_consistent()


def test_counters_are_exact_at_every_read_while_eight_write_and_two_fold(at_once: Run) -> None:
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

    def fold(at_most: int) -> int:
        folded = 0
        while writing:
            folded += database_rows(f"SELECT job_count_fold({at_most})")[0][0]
        return folded

    def read() -> int:
        reads = 0
        while writing:
            assert database_rows(WRONG_COUNTERS) == []
            reads += 1
        return reads

    *_, some, many, reads = at_once(
        *(partial(write, writer) for writer in list(writing)),
        partial(fold, 7),
        partial(fold, 5_000),
        read,
    )
    assert min(some, many, reads) > 0
    assert_consistent()


def test_summands_stay_few_while_eight_write_and_nobody_reads(at_once: Run) -> None:
    def write(job_id: int) -> None:
        # Each statement appends two summands and is committed.
        database_rows(
            f"""
            DO $$ BEGIN
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
    # Of 16,000. One statement in 200 folds: 2,500 in a row without come once in 300,000 runs.
    assert database_rows("SELECT count(*) < 5000 FROM job_count") == [(True,)]
    assert database_rows(WRONG_COUNTERS) == []


def test_who_has_folded_in_a_long_transaction_makes_nobody_wait(at_once: Run) -> None:
    make_job(status=RUNNING)
    folded, passed = Event(), Event()

    def hold() -> bool:
        with transaction.atomic():
            database_rows("SELECT job_count_fold()")
            folded.set()
            return passed.wait(25)

    def pass_by() -> None:
        folded.wait(25)
        make_job(status=FAILED).delete()
        database_rows("SELECT job_count_fold()")
        assert database_rows(WRONG_COUNTERS) == []
        passed.set()

    assert at_once(hold, pass_by) == [True, None]
    assert_consistent()


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_transaction_on_an_older_snapshot_never_fails_for_a_fold(
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


def test_truncating_beside_a_fold_leaves_nothing_counted(at_once: Run) -> None:
    make_job(status=RUNNING)
    folded = Event()

    def fold() -> bool:
        with transaction.atomic():
            database_rows("SELECT job_count_fold()")
            folded.set()
            return somebody_waits_for_me()

    def truncate() -> None:
        folded.wait(25)
        database_rows("TRUNCATE job CASCADE")

    assert at_once(fold, truncate) == [True, None]
    assert database_rows("SELECT * FROM job_count") == []


def test_a_deletion_beside_changes_leaves_nothing_behind(at_once: Run) -> None:
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
        # once a change has met no job, no later one meets it
        assert [sorted(first, reverse=True), sorted(second, reverse=True)] == [first, second]
    assert database_rows("SELECT count(*) FROM job_status") == [(0,)]
    assert_consistent()
