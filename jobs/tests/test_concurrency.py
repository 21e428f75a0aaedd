"""Writers on connections of their own, at the same time, on the same rows."""

from functools import partial
from random import Random
from threading import Barrier

import pytest

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
        BEGIN;
        UPDATE job SET current_status = 'RUNNING', updated_at = now() + interval '1 hour'
            WHERE id = {job.pk};
        INSERT INTO job_status (job_id, status_type, "timestamp")
            SELECT id, current_status, updated_at FROM job WHERE id = {job.pk};
        SELECT pg_sleep(0.3);
        COMMIT
    """
    begun = Barrier(2)

    def first() -> None:
        begun.wait()
        database_rows(slow)

    def second() -> None:
        begun.wait()
        database_rows("SELECT pg_sleep(0.1)")
        Job.objects.record_status(job.pk, FAILED)

    at_once(first, second)
    assert history_of(job) == ["PENDING", "RUNNING", "FAILED"]
    assert_consistent()


def test_counters_stay_exact_while_writers_create_change_delete_and_compact(at_once: Run) -> None:
    shared = [make_job().pk for _ in range(10)]

    def write(seed: int) -> None:
        random = Random(seed)
        for _ in range(CHANGES):
            Job.objects.record_status(random.choice(shared), random.choice(list(StatusType)))
            own = make_job(status=random.choice(list(StatusType)))
            if random.random() < 0.5:
                own.delete()

    def compact() -> None:
        for _ in range(CHANGES):
            database_rows("SELECT job_count_compact()")

    def read() -> list[int]:
        """The totals seen on the way: the ten shared jobs are always among them."""
        return [Job.objects.counts().total().value for _ in range(CHANGES)]

    *_, totals = at_once(*(partial(write, seed) for seed in range(3)), compact, compact, read)
    assert min(totals) >= len(shared)
    assert_consistent()


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
