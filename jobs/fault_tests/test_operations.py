"""Processes are killed during operations on all jobs: each job is changed once, and everything that derives from it is exact.

Each test leaves the jobs as they were, but for their histories.
"""

from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from jobs.fault_tests import plan
from jobs.fault_tests.checks import (
    UNFINISHED,
    assert_consistent,
    assert_each_once,
    assert_feed_is_complete,
    assert_visits_are_exact,
    digests,
    entries_of,
    undone_entries,
)
from jobs.fault_tests.operating import (
    DELETE,
    SET_STATUS,
    Operation,
    begin,
    begin_undo,
    canceled,
    finished,
    reached,
)
from jobs.fault_tests.plan import JOBS, Victim
from jobs.fault_tests.stack import Stack
from jobs.fault_tests.traffic import Reader, Visitor, running
from jobs.tests.waiting import eventually

CANCELLATIONS = 6
OWN_ENTRIES = "SELECT count(*) FROM job_status JOIN job ON job.id = job_id WHERE name LIKE 'Wing %'"
BATCHES = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'jobs-worker' AND state = 'active' AND query LIKE '%steering%'"


@pytest.fixture
def reader(stack: Stack) -> Reader:
    return Reader(stack.api)


@pytest.fixture(autouse=True)
def traffic(stack: Stack, reader: Reader) -> Iterator[None]:
    """From the beginning of the test to its end, a reader of the feed and a visitor: what each has got is exact."""
    visitor = Visitor(stack.api)
    with running(reader):
        with running(visitor):
            yield
        assert stack.rows(UNFINISHED) == []
        assert_consistent(stack)
        assert_visits_are_exact(stack, visitor)
        assert_feed_is_complete(stack, reader)


@pytest.fixture
def jobs(stack: Stack) -> list[int]:
    found = stack.rows("SELECT id FROM job WHERE name LIKE 'Wing %' ORDER BY id")
    assert len(found) == JOBS
    return [job for (job,) in found]


Numbers = tuple[Any, ...]


def numbers(operation: Operation) -> Numbers:
    return tuple(operation[name] for name in ("state", "total", "done", "skipped", "failed"))


def completed(changed: int, skipped: int = 0) -> Numbers:
    return "completed", changed + skipped, changed, skipped, 0


def test_a_status_is_set_and_taken_back(stack: Stack, reader: Reader, jobs: list[int]) -> None:
    kills = plan.kills(0)
    while kills:
        operation = begin(stack, SET_STATUS)
        assert numbers(finished(stack, operation, kills)) == completed(JOBS)
        assert entries_of(stack, operation) == (JOBS, JOBS)
        assert_consistent(stack)
        assert_each_once(reader.news(), "job.status_changed", "FAILED", jobs)

        undo = begin_undo(stack, operation)
        assert numbers(finished(stack, undo, kills)) == completed(JOBS)
        assert entries_of(stack, undo) == (JOBS, JOBS)
        assert undone_entries(stack, operation, undo) == JOBS
        assert_consistent(stack)
        assert_each_once(reader.news(), "job.status_changed", "PENDING", jobs)


def test_jobs_are_deleted_and_restored_by_two_workers(
    stack: Stack, reader: Reader, jobs: list[int]
) -> None:
    kills = plan.kills(1)
    before, entries = digests(stack), stack.number(OWN_ENTRIES)
    with stack.second_worker():
        while kills:
            operation = begin(stack, DELETE)
            assert numbers(finished(stack, operation, kills)) == completed(JOBS)
            assert stack.number("SELECT count(*) FROM job WHERE name LIKE 'Wing %'") == 0
            assert stack.number("SELECT count(*) FROM trashed_status") == entries
            trash = f"SELECT id FROM trashed_job WHERE operation_id = {operation} ORDER BY id"
            assert stack.rows(trash) == [(job,) for job in jobs]
            assert_consistent(stack)
            assert_each_once(reader.news(), "job.deleted", "PENDING", jobs)

            undo = begin_undo(stack, operation)
            assert numbers(finished(stack, undo, kills)) == completed(JOBS)
            assert stack.number("SELECT count(*) FROM trashed_job") == 0
            assert stack.number("SELECT count(*) FROM trashed_status") == 0
            assert digests(stack) == before
            assert_consistent(stack)
            assert_each_once(reader.news(), "job.created", "PENDING", jobs)


@pytest.mark.parametrize("number", range(CANCELLATIONS))
def test_what_an_operation_changed_until_it_was_canceled_is_taken_back(
    stack: Stack, number: int
) -> None:
    """It is canceled at any moment, with two workers at it, of which one may just have been killed; so is its undo."""
    random = Random(f"{plan.SEED} {number}")
    [before, _] = digests(stack)
    with stack.second_worker():
        operation = begin(stack, SET_STATUS)
        reached(stack, operation, random.uniform(0, 0.05) * JOBS)
        refused = stack.api.send("POST", f"/api/operations/{operation}/undo/")
        assert (refused.status, refused.content["code"]) == (409, "operation_unfinished")
        if number % 2:
            with suppress(ProcessLookupError):
                stack.kill(Victim.WORKER, stack.find(Victim.WORKER))
        done = canceled(stack, operation)["done"]
        assert entries_of(stack, operation) == (done, done)

        first = begin_undo(stack, operation)
        reached(stack, first, random.uniform(0, done))
        stack.api.send("POST", f"/api/operations/{first}/cancel/")  # it may have ended
        undone = stack.api.operation(first)["done"]
        assert entries_of(stack, first) == (undone, undone)
        if undone < done:
            second = begin_undo(stack, operation)
            assert numbers(finished(stack, second)) == completed(done - undone, undone)
        eventually(lambda: stack.number(BATCHES) == 0)
    assert entries_of(stack, operation) == (done, done)
    assert entries_of(stack, first) == (undone, undone)
    assert undone_entries(stack, operation) == done
    assert digests(stack)[0] == before
