"""Running an operation: one batch after the other, each about as long as others may wait for a job in it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final, NamedTuple

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from jobs.mistakes import InvalidQuery
from jobs.operations.batches import Statement, statement_of
from jobs.operations.rows import State, start

# A change of a job in a batch waits until the batch ends.
TARGET_SECONDS: Final = 0.15
# A part of the time is the same for any number of jobs. Where it alone exceeds the target, such as on a busy machine, a batch
# of fewer jobs would take as long: so a batch of a few may take longer.
FEW: Final = 100
SECONDS_FOR_FEW: Final = 0.5
LOCK_MS: Final = 1_000
STATEMENT_TIMEOUT: Final = "57014"
TOO_LONG: Final = frozenset({STATEMENT_TIMEOUT, "55P03"})
TOO_SLOW: Final = (
    "The next job alone takes longer than WORKER_BUDGET_MS allows: its history is too long."
)
MIN_SIZE, FIRST_SIZE, MAX_SIZE = 1, 200, 5_000
MIN_SCAN, FIRST_SCAN, MAX_SCAN = 1_000, 10_000, 200_000

FAIL: Final = """
UPDATE operation SET state = 'failed', error = %s, finished_at = clock_timestamp()
WHERE id = %s AND state = 'running'
"""
# Of the transaction. The planner takes a range of ids for a small part of all jobs. It would read all that are left through
# another index, and sort them, for each batch: without sorting, only the primary key has them in order. job_event_track and
# job_delete read the last two settings.
SETTINGS: Final = """
SELECT set_config('lock_timeout', %s, true), set_config('enable_sort', 'off', true),
    set_config('job_event.operation_id', %s, true), set_config('job_event.actor', %s, true)
"""

logger = logging.getLogger(__name__)


@dataclass
class Pace:
    """How many jobs the next batch changes, and how many it reads, from the time that the last one took."""

    size: int = FIRST_SIZE
    scan: int = FIRST_SCAN

    def shrink(self) -> bool:
        """After a batch that took too long; returns False if it cannot be smaller."""
        if self.size == 1:
            return False
        self.size, self.scan = max(1, self.size // 4), max(MIN_SCAN, self.scan // 4)
        return True

    def adapt(self, seconds: float, taken: int) -> None:
        factor = _factor(TARGET_SECONDS, seconds)
        if taken >= self.size:
            few = min(FEW, self.size * _factor(SECONDS_FOR_FEW, seconds))
            self.size = round(min(MAX_SIZE, max(MIN_SIZE, few, self.size * factor)))
        else:
            # Few of those that were read are selected: the more of them, the more the changes have to do with the time.
            self.scan = round(min(MAX_SCAN, max(MIN_SCAN, self.scan * factor)))


def _factor(target: float, seconds: float) -> float:
    return min(2.0, max(0.25, target / max(seconds, 0.001)))


def run(operation_id: int, should_stop: Callable[[], bool] = lambda: False) -> bool:
    """Runs the operation from where it is until it ends; returns whether it has ended. Each batch is a transaction.

    Raises OperationalError or InterfaceError if the database fails: it can be run again at any time, also twice at once.
    """
    work = start(operation_id)
    if work is None:
        return True
    try:
        return _run_batches(statement_of(work), should_stop)
    except (OperationalError, InterfaceError) as error:
        if getattr(error.__cause__, "sqlstate", None) != STATEMENT_TIMEOUT:
            raise
        _fail(operation_id, TOO_SLOW)
        return True
    except (DatabaseError, InvalidQuery) as error:
        logger.exception("Operation %s failed", operation_id)
        detail = (
            "The database rejected a batch." if isinstance(error, DatabaseError) else str(error)
        )
        _fail(operation_id, detail)
        return True


def _fail(operation_id: int, detail: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FAIL, [detail, operation_id])


class Batch(NamedTuple):
    state: str
    taken: int
    seconds: float
    """What it took, but for what has nothing to do with its size: to wait for another worker, and to commit."""


def _run_batch(statement: Statement, pace: Pace) -> Batch | None:
    """A batch that waits for one job keeps others waiting, so it does not wait for long. Its events name the operation."""
    with transaction.atomic(), connection.cursor() as cursor:
        who = statement.params["actor"]
        names = str(statement.params["operation"]), "" if who is None else str(who)
        cursor.execute(SETTINGS, [f"{LOCK_MS}ms", *names])
        began = monotonic()
        cursor.execute(statement.sql, statement.params | {"size": pace.size, "scan": pace.scan})
        row = cursor.fetchone()
        seconds = monotonic() - began
    if row is None:
        return None
    state, taken, waited = row
    return Batch(state, taken, seconds - waited)


def _is_too_long(error: OperationalError) -> bool:
    """Whether the statement, or its wait for a lock, took longer than it may: jobs can have long histories."""
    return getattr(error.__cause__, "sqlstate", None) in TOO_LONG


def _run_batches(statement: Statement, should_stop: Callable[[], bool]) -> bool:
    pace = Pace()
    while not should_stop():
        try:
            batch = _run_batch(statement, pace)
        except OperationalError as error:
            if not _is_too_long(error) or not pace.shrink():
                raise
            continue
        if batch is None:  # canceled, or completed by another worker
            return True
        if batch.state == State.COMPLETED:
            return True
        pace.adapt(batch.seconds, batch.taken)
    return False
