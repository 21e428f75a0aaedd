"""Deletions, restores, emptying and changes of the same jobs at the same time."""

from collections.abc import Callable
from functools import partial
from random import Random
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from jobs.changes.bulk import Change, change_jobs
from jobs.changes.bulk_delete import Deletion, remove_jobs
from jobs.models import Job
from jobs.tests.blocking import blocks_another_session, waiting_session
from jobs.tests.conftest import Run
from jobs.tests.consistency import assert_counters_exact
from jobs.tests.factories import FAILED, PENDING, RUNNING, database_rows, fill, history_of, make_job
from jobs.tests.trash.stored import expire, rows
from jobs.tests.trash.test_restoring import delete, restore
from jobs.trash.emptying import empty_expired

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 6


def blocking(first: Callable[[], Any], then: Callable[[], Any], at_once: Run) -> Any:
    """Runs `first` and keeps its transaction open until `then` waits for it; returns what `then` does."""
    done = Event()

    def hold() -> None:
        with transaction.atomic():
            first()
            done.set()
            assert blocks_another_session()

    def wait() -> Any:
        assert done.wait(60)
        return then()

    return at_once(hold, wait)[1]


def entries_in_trash() -> list[str]:
    return [row["status_type"] for row in rows("trashed_status")]


@pytest.mark.parametrize("delete_one", [True, False])
def test_a_status_that_is_appended_meanwhile_is_in_the_trash(
    at_once: Run, delete_one: bool
) -> None:
    job = make_job(history=[RUNNING])

    def remove() -> Any:
        return Job.objects.remove(job.pk) if delete_one else delete(job.pk)

    blocking(lambda: Job.objects.record_status(job.pk, FAILED), remove, at_once)
    assert [row["current_status"] for row in rows("trashed_job")] == [FAILED]
    assert entries_in_trash() == [PENDING, RUNNING, FAILED]
    assert restore(job.pk) == [""]
    assert history_of(job) == [PENDING, RUNNING, FAILED]
    assert_counters_exact()


def test_a_change_that_waits_for_a_deletion_finds_no_job(at_once: Run) -> None:
    job = make_job()
    changed = blocking(
        lambda: delete(job.pk), lambda: Job.objects.record_status(job.pk, FAILED), at_once
    )
    assert changed is None
    assert entries_in_trash() == [PENDING]
    assert_counters_exact()


def test_the_second_of_two_deletions_finds_no_job(at_once: Run) -> None:
    job = make_job()
    again = blocking(lambda: delete(job.pk), lambda: Job.objects.remove(job.pk), at_once)
    assert again is False
    assert entries_in_trash() == [PENDING]


def test_the_second_of_two_restores_finds_the_job(at_once: Run) -> None:
    job = make_job()
    delete(job.pk)
    assert blocking(lambda: restore(job.pk), lambda: restore(job.pk), at_once) == ["job_exists"]
    assert history_of(job) == [PENDING]
    assert_counters_exact()


def test_emptying_passes_by_what_is_being_restored(at_once: Run) -> None:
    one, other = fill(2)
    delete(one, other)
    expire()
    restored, emptied = Barrier(2), Barrier(2)

    def hold() -> list[str]:
        with transaction.atomic():
            outcomes = restore(one)
            restored.wait(60)
            emptied.wait(60)
        return outcomes

    def empty() -> int:
        restored.wait(60)
        number = empty_expired(10)
        emptied.wait(60)
        return number

    assert at_once(hold, empty) == [[""], 1]
    assert history_of(one) == [PENDING]
    assert rows("trashed_job") == rows("trashed_status") == []


def test_a_restore_that_waits_for_emptying_finds_nothing(at_once: Run) -> None:
    job = make_job()
    delete(job.pk)
    expire()
    assert blocking(lambda: empty_expired(10), lambda: restore(job.pk), at_once) == ["not_in_trash"]
    assert not Job.objects.exists()


def test_a_restore_that_fails_its_transaction_leaves_the_job_in_the_trash(at_once: Run) -> None:
    job = make_job(history=[RUNNING])
    delete(job.pk)

    def killed() -> None:
        with transaction.atomic():
            restore(job.pk)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert not Job.objects.exists()
    assert entries_in_trash() == [PENDING, RUNNING]
    assert_counters_exact()
    [(setting,)] = database_rows("SELECT current_setting('job_status.is_restored', true)")
    assert setting in (None, "")


@pytest.mark.parametrize("step", ["delete", "restore"])
def test_a_session_that_dies_in_the_middle_moves_nothing(at_once: Run, step: str) -> None:
    """Between the lock and the copy: it waits for the first row of the table that it writes."""
    job = make_job(history=[RUNNING])
    if step == "restore":
        delete(job.pk)
    before = rows("job"), rows("job_status"), rows("trashed_job"), rows("trashed_status")
    target = "trashed_status" if step == "delete" else "job_status"
    held = Event()

    def hold() -> None:
        with transaction.atomic():
            database_rows(f"LOCK TABLE {target} IN SHARE MODE")
            held.set()
            database_rows(f"SELECT pg_terminate_backend({waiting_session()})")

    def die() -> None:
        assert held.wait(60)
        with pytest.raises(OperationalError):
            delete(job.pk) if step == "delete" else restore(job.pk)
        connection.close()

    at_once(hold, die)
    assert (rows("job"), rows("job_status"), rows("trashed_job"), rows("trashed_status")) == before
    assert_counters_exact()


def test_deletions_restores_and_changes_in_any_order_neither_deadlock_nor_lose_anything(
    at_once: Run,
) -> None:
    ids = fill(30)
    start = Barrier(THREADS)

    def work(number: int) -> int:
        random = Random(number)
        start.wait(60)
        appended = 0
        for _ in range(15):
            chosen = random.sample(ids, 15)
            match number % 3:
                case 0:
                    remove_jobs([Deletion(job_id) for job_id in chosen])
                case 1:
                    restore(*chosen)
                case _:
                    outcomes = change_jobs([Change(job_id, FAILED) for job_id in chosen])
                    appended += len([outcome for outcome in outcomes if outcome.job])
        return appended

    appended = sum(at_once(*(partial(work, number) for number in range(THREADS))))
    assert_counters_exact()
    found = [row["id"] for row in rows("job")] + [row["id"] for row in rows("trashed_job")]
    assert sorted(found) == ids
    entries = [row["id"] for table in ("job_status", "trashed_status") for row in rows(table)]
    assert len(entries) == len(set(entries)) == len(ids) + appended
    [(counted,)] = database_rows("SELECT sum(n) FROM job_activity")
    assert counted == len(entries)


def test_two_restores_of_the_same_keys_do_not_deadlock(at_once: Run) -> None:
    """Jobs with the same keys, deleted one after the other, so that the keys are in opposite orders of ids."""
    pairs = []
    for keys in ("ab", "ba"):
        ids = fill(2)
        for job_id, key in zip(ids, keys, strict=True):
            database_rows(f"UPDATE job SET key = '{key}' WHERE id = {job_id}")
        delete(*ids)
        pairs.append(ids)
    start = Barrier(2)

    def work(ids: list[int]) -> list[str]:
        start.wait(60)
        return restore(*ids)

    outcomes = at_once(*(partial(work, ids) for ids in pairs))
    assert sorted(outcomes) == [["", ""], ["key_taken", "key_taken"]]
