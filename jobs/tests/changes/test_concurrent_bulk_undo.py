"""Concurrent undos of many status changes: no deadlock, and each change is undone once."""

from functools import partial
from random import Random
from threading import Barrier
from typing import Any

import pytest

from jobs.changes.bulk import Change, change_jobs
from jobs.changes.bulk_delete import Deletion, remove_jobs
from jobs.changes.bulk_undo import Undo, undo_statuses
from jobs.models import Job, JobStatus
from jobs.tests.blocking import blocks_another_session
from jobs.tests.conftest import Run
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import (
    FAILED,
    PENDING,
    RUNNING,
    database_rows,
    fill,
    history_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_undos_changes_and_deletions_of_the_same_jobs_in_any_order_never_deadlock(
    at_once: Run,
) -> None:
    ids = fill(60)
    start = Barrier(6)

    def change(number: int) -> None:
        random = Random(number)
        start.wait()
        for _ in range(15):
            change_jobs([Change(job_id, RUNNING) for job_id in random.sample(ids, 50)])

    def undo(number: int) -> None:
        random = Random(number)
        start.wait()
        for _ in range(15):
            now = dict(Job.objects.values_list("id", "updated_at"))
            chosen = [job_id for job_id in random.sample(ids, 50) if job_id in now]
            outcomes = undo_statuses([Undo(job_id, now[job_id]) for job_id in chosen])
            assert [outcome.job_id for outcome in outcomes] == chosen

    def remove(number: int) -> None:
        random = Random(number)
        start.wait()
        for _ in range(5):
            remove_jobs([Deletion(job_id) for job_id in random.sample(ids, 10)])

    at_once(
        *(partial(change, n) for n in range(2)),
        *(partial(undo, n) for n in (2, 3)),
        *(partial(remove, n) for n in (4, 5)),
    )
    assert not JobStatus.objects.exclude(job__in=Job.objects.all()).exists()
    assert_consistent()


def test_one_of_eight_concurrent_undos_of_many_jobs_succeeds(at_once: Run) -> None:
    ids = fill(20)
    changed = {outcome.job_id for outcome in change_jobs([Change(i, FAILED) for i in ids])}
    now = dict(Job.objects.filter(pk__in=changed).values_list("id", "updated_at"))
    start = Barrier(8)

    def undo(number: int) -> int:
        chosen = Random(number).sample(ids, len(ids))
        start.wait()
        outcomes = undo_statuses([Undo(job_id, now[job_id], now[job_id]) for job_id in chosen])
        assert {outcome.refusal for outcome in outcomes} <= {"", "job_changed"}
        return sum(outcome.job is not None for outcome in outcomes)

    assert sum(at_once(*(partial(undo, number) for number in range(8)))) == len(ids)
    assert all(history_of(job_id) == [PENDING, FAILED, PENDING] for job_id in ids)
    assert_consistent()


def test_an_undo_waits_for_a_concurrent_change_and_sees_its_result(at_once: Run) -> None:
    changed, gone, kept = fill(3)
    change_jobs([Change(job_id, RUNNING) for job_id in (changed, gone, kept)])
    now = dict(Job.objects.values_list("id", "updated_at"))
    begun = Barrier(2)

    def other() -> None:
        database_rows("BEGIN")
        Job.objects.record_status(changed, FAILED)
        Job.objects.remove(gone)
        begun.wait()
        assert blocks_another_session()
        database_rows("COMMIT")

    def many() -> Any:
        begun.wait()
        return undo_statuses([Undo(job_id, now[job_id]) for job_id in (kept, gone, changed)])

    _, outcomes = at_once(other, many)
    assert [outcome.refusal for outcome in outcomes] == ["", "job_not_found", "job_changed"]
    assert history_of(changed) == [PENDING, RUNNING, FAILED]
    assert history_of(kept) == [PENDING, RUNNING, PENDING]
