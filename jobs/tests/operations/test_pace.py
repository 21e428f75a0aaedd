"""Batches get smaller when jobs have long histories or are locked, and an operation that cannot go on says why."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from django.db import OperationalError, connection

from jobs.models import Job
from jobs.operations import running
from jobs.operations.rows import State
from jobs.operations.running import Pace
from jobs.tests.factories import fill
from jobs.tests.operations.conftest import create, finished, numbers, state_of

pytestmark = pytest.mark.django_db


class Slow(Exception):
    """As psycopg reports it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__()
        self.sqlstate = sqlstate


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the batches that are tried, at the usual pace."""
    tried: list[int] = []
    real = running._run_batch

    def record(statement: Any, pace: Pace) -> Any:
        tried.append(pace.size)
        return real(statement, pace)

    monkeypatch.setattr(running, "Pace", Pace)
    monkeypatch.setattr(running, "_run_batch", record)
    return tried


@contextmanager
def too_long(above: int, sqlstate: str) -> Iterator[None]:
    """Statements for more than `above` jobs fail, as if these took too long."""

    def wrap(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if isinstance(params, dict) and params.get("size", 0) > above:
            raise OperationalError from Slow(sqlstate)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrap):
        yield


@pytest.mark.parametrize("sqlstate", ["57014", "55P03"])
def test_a_batch_that_takes_too_long_is_tried_with_fewer_jobs(
    sizes: list[int], sqlstate: str
) -> None:
    fill(30)
    with too_long(15, sqlstate):
        operation = finished(create())
    assert numbers(operation) == (30, 30, 0, 0)
    assert sizes[:3] == [200, 50, 12]
    assert Job.objects.filter(current_status="FAILED").count() == 30


def test_one_job_that_takes_too_long_ends_the_operation_with_the_reason(sizes: list[int]) -> None:
    fill(3)
    operation = create()
    with too_long(0, "57014"):
        operation = finished(operation)
    assert sizes[-1] == 1
    assert operation.state == State.FAILED
    assert "WORKER_BUDGET_MS" in (operation.error or "")


def test_one_job_that_stays_locked_leaves_the_operation_for_later(sizes: list[int]) -> None:
    fill(3)
    operation = create()
    with too_long(0, "55P03"), pytest.raises(OperationalError):
        running.run(operation.id)
    assert state_of(operation).state == State.RUNNING
    assert numbers(finished(operation)) == (3, 3, 0, 0)


def sizes_when(fixed: float, per_job: float, seed: int = 1) -> list[int]:
    """The sizes of batches that take so many seconds, and so many more for each job, or up to three times as long."""
    pace, random, sizes = Pace(), Random(seed), []
    for _ in range(200):
        sizes.append(pace.size)
        pace.adapt((fixed + per_job * pace.size) * (1 + 2 * random.random() ** 3), pace.size)
    return sizes


@pytest.mark.parametrize("fixed", [0.12, 0.155, 0.2, 0.3])
def test_batches_stay_large_when_smaller_ones_would_take_as_long(fixed: float) -> None:
    """As on a busy machine: a job alone would take as long as a hundred."""
    sizes = sizes_when(fixed, per_job=0.0005)
    assert sum(sizes) / len(sizes) > 50


@pytest.mark.parametrize(
    ("per_job", "least", "most"), [(0.0005, 150, 350), (0.02, 5, 50), (0.5, 1, 2), (5.0, 1, 1)]
)
def test_batches_take_no_longer_than_others_may_wait(per_job: float, least: int, most: int) -> None:
    sizes = sizes_when(0.001, per_job)
    assert least <= sum(sizes[50:]) / len(sizes[50:]) <= most


def test_batches_get_larger_again_when_the_machine_has_time() -> None:
    pace = Pace(size=1)
    for _ in range(10):
        pace.adapt(0.2, pace.size)
    assert pace.size == running.FEW
