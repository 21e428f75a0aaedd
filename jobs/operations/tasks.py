"""The tasks of the worker, which Procrastinate starts: operations, the sweep for lost ones, and maintenance.

That a task runs at all is all that Procrastinate decides. It may run one twice, or lose one together with its worker:
`sweep` finds the operations that are left.
"""

from __future__ import annotations

from threading import Event
from typing import Any, Final

from django.db import InterfaceError, OperationalError, connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from jobs.operations import maintenance
from jobs.operations.running import run

OPERATIONS: Final = "operations"
# Of its own, so that a long operation does not delay the sweep
MAINTENANCE: Final = "maintenance"
# A batch takes a fraction of a second.
LOST_SECONDS: Final = 15
# A worker that starts has been stopped or killed before, as a rule: it goes on at once with what that one has left. What
# another worker runs has made progress meanwhile, and to run it twice would do no harm.
LOST_AT_START_SECONDS: Final = 1
UNFINISHED_AT_ONCE: Final = 1_000

# Set when the worker is to end: each operation stops after its batch.
stopping = Event()

# Without a task that waits for a worker, and without progress for a while: whether or not a task claims to run it.
LOST: Final = """
SELECT id FROM operation
WHERE state IN ('pending', 'running')
    AND coalesce(progress_at, created_at) < clock_timestamp() - make_interval(secs => %s)
    AND NOT EXISTS (
        SELECT FROM procrastinate_jobs WHERE queueing_lock = 'operation-' || operation.id AND status = 'todo'
    )
ORDER BY id LIMIT %s
"""


@app.task(
    queue=OPERATIONS,
    name="run_operation",
    retry=RetryStrategy(
        max_attempts=20, linear_wait=1, retry_exceptions={OperationalError, InterfaceError}
    ),
)
def run_operation(operation_id: int) -> None:
    if not run(operation_id, stopping.is_set):
        wake_worker(operation_id)


def wake_worker(operation_id: int) -> None:
    """In the transaction of the caller. One task per operation: each one sends a notification, which costs a lock."""
    try:
        with transaction.atomic():
            run_operation.configure(queueing_lock=f"operation-{operation_id}").defer(
                operation_id=operation_id
            )
    except AlreadyEnqueued:
        pass


def sweep_lost(seconds: int = LOST_SECONDS) -> list[int]:
    """Wakes a worker for each unfinished operation that has none, and no progress for so long; returns them."""
    with connection.cursor() as cursor:
        cursor.execute(LOST, [seconds, UNFINISHED_AT_ONCE])
        lost = [operation_id for (operation_id,) in cursor.fetchall()]
    for operation_id in lost:
        wake_worker(operation_id)
    return lost


# The sixth field is the seconds.
@app.periodic(cron="* * * * * */15")
@app.task(queue=MAINTENANCE, name="sweep", queueing_lock="sweep")
def sweep(timestamp: int) -> None:
    sweep_lost()


@app.periodic(cron="*/5 * * * *")
@app.task(queue=MAINTENANCE, name="maintain", queueing_lock="maintain")
def maintain(timestamp: int, **_: Any) -> None:
    maintenance.maintain(stopping.is_set)
