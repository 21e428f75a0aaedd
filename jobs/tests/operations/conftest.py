"""Operations that are created as by a request, and run in this process."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from jobs.operations import running
from jobs.operations.changes import Request, create_operation
from jobs.operations.rows import Action, OperationRow, read_operation
from jobs.operations.running import Pace, run
from jobs.operations.selection import Selection
from jobs.tests.factories import database_rows

Create = Callable[..., OperationRow]


class Fixed(Pace):
    """The same, however long a batch takes."""

    def adapt(self, seconds: float, taken: int) -> None:
        pass


def create(
    action: str = "set_status",
    q: str = "",
    *,
    ids: list[int] | None = None,
    excluded: tuple[int, ...] = (),
    status: list[str] | None = None,
    tz: str | None = None,
    reason: str | None = None,
    **parameters: Any,
) -> OperationRow:
    """An operation as a request creates it."""
    if action == "set_status" and not parameters:
        parameters = {"status_type": "FAILED"}
    selection = Selection.stored(q, tz, status, ids, excluded)
    is_all = ids is None and not selection.job_filter.is_filtered
    return create_operation(Request(Action(action), parameters, reason), selection, is_all)


def state_of(operation: OperationRow) -> OperationRow:
    found = read_operation(operation.id)
    assert found
    return found


def finished(operation: OperationRow) -> OperationRow:
    """The operation, after it was run here."""
    assert run(operation.id)
    return state_of(operation)


def numbers(operation: OperationRow) -> tuple[int, int, int, int]:
    """Total, done, skipped, failed."""
    return operation.total, operation.done, operation.skipped, operation.failed


def start_batch(operation: OperationRow) -> None:
    """One batch, and no more."""
    answers = iter([False, True])
    assert not run(operation.id, lambda: next(answers))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "Pace", lambda: Fixed(size=3, scan=5))


@pytest.fixture
def no_operations(transactional_db: None) -> Iterator[None]:
    """Tables that are no models, so Django does not empty them."""
    yield
    connection.close()  # whatever a test has done to it
    database_rows("TRUNCATE operation, operation_failure, operation_before")
    database_rows(
        "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_events, procrastinate_periodic_defers"
    )
