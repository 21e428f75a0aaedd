"""Operations: how fast they are, each alternating with bare SQL on other jobs, and what others notice of one that runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Event, Thread
from time import perf_counter
from typing import Any, Final

from django.db import connection, transaction
from django.urls import reverse

from jobs.benchmark import bare_changes
from jobs.benchmark.app import App
from jobs.benchmark.database import one, some_ids
from jobs.benchmark.limits import Limits
from jobs.benchmark.requests import Call, get, job_list, send
from jobs.benchmark.served import Load, clients
from jobs.operations.changes import Request, cancel_operation, create_operation, undo_operation
from jobs.operations.rows import Action, OperationRow, read_operation
from jobs.operations.running import run
from jobs.operations.selection import Selection
from jobs.statuses import StatusType

ROUNDS: Final = 10
SET_STATUS, DELETE, RESTORE = "status changes", "deletions", "restored deletions"
# A worker of the served dashboard would run the operation too.
KEEP_FROM_WORKERS: Final = "DELETE FROM procrastinate_jobs WHERE queueing_lock = %s"


@dataclass
class Side:
    """How many jobs were changed, in how many seconds, and the bytes of WAL that were written meanwhile."""

    jobs: int = 0
    seconds: float = 0
    wal: int = 0

    @property
    def per_second(self) -> float:
        return self.jobs / self.seconds

    @property
    def wal_per_job(self) -> float:
        return self.wal / self.jobs


@dataclass
class Compared:
    """One action by an operation and by bare SQL. `batches` are the jobs and the seconds of each batch."""

    action: str
    operation: Side = field(default_factory=Side)
    bare: Side = field(default_factory=Side)
    batches: list[tuple[int, float]] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The operation's time to that of bare SQL, per job."""
        return self.bare.per_second / self.operation.per_second


@dataclass(frozen=True)
class Operations:
    """`quiet` and `busy` are the same calls without and during an operation, by name; `waits` are times in ms of changes
    of jobs that the operation was about to change, empty if it ended before they were made."""

    compared: Sequence[Compared]
    quiet: dict[str, Load]
    busy: dict[str, Load]
    waits: Sequence[float]


def measure(app: App, address: str, limits: Limits) -> Operations:
    """Changes up to `limits.operation_jobs` jobs at each end of the table, and cancels an operation for all others."""
    number = min(one("SELECT count(*) FROM job") // 3, limits.operation_jobs)
    after = one(
        f"SELECT min(id) - 1 FROM (SELECT id FROM job ORDER BY id DESC LIMIT {number}) AS last"  # noqa: S608  # a number
    )
    everything = Request(Action.SET_STATUS, {"status_type": StatusType.RUNNING.value})
    compared = []
    changed = _created(lambda: create_operation(everything, Selection(), everything=True))
    compared.append(_alternate(SET_STATUS, changed, bare_changes.SET_STATUS, after, number))
    cancel_operation(changed)
    deleted = _created(
        lambda: create_operation(Request(Action.DELETE, {}), Selection(), everything=True)
    )
    compared.append(_alternate(DELETE, deleted, bare_changes.DELETE, after, number))
    cancel_operation(deleted)
    restored = _created(lambda: undo_operation(deleted))
    compared.append(_alternate(RESTORE, restored, bare_changes.RESTORE, after, number))
    quiet = _load(address, limits)
    running = _created(lambda: create_operation(everything, Selection(), everything=True))
    with _running(running):
        busy = _load(address, limits)
        waits = _change_selected(app, running, limits)
    return Operations(compared, quiet, busy, waits)


def _created(create: Callable[[], OperationRow | None]) -> int:
    """The id of an operation that no worker knows of."""
    with transaction.atomic(), connection.cursor() as cursor:
        operation = create()
        assert operation
        cursor.execute(KEEP_FROM_WORKERS, [f"operation-{operation.id}"])
    return operation.id


def _alternate(action: str, operation: int, sql: str, after: int, number: int) -> Compared:
    """The operation changes `number` jobs from the start of the table, bare SQL the ones after the id."""
    compared = Compared(action)
    for round_number in range(1, ROUNDS + 1):
        goal = number * round_number // ROUNDS
        with _measured(compared.operation):
            compared.batches += _advance(operation, goal)
        compared.operation.jobs = _done(operation)
        sizes = sorted(jobs for jobs, _ in compared.batches)
        size = max(1, sizes[len(sizes) // 2]) if sizes else 1
        with _measured(compared.bare):
            while compared.bare.jobs < goal:
                changed, after = bare_changes.change(
                    sql, after, min(size, goal - compared.bare.jobs)
                )
                compared.bare.jobs += changed
                if not changed:
                    break
    return compared


@contextmanager
def _measured(side: Side) -> Iterator[None]:
    began, written = perf_counter(), one("SELECT pg_current_wal_insert_lsn() - '0/0'")
    yield
    side.seconds += perf_counter() - began
    side.wal += int(one("SELECT pg_current_wal_insert_lsn() - '0/0'") - written)


def _advance(operation: int, goal: int) -> list[tuple[int, float]]:
    """Runs the operation until it has changed `goal` jobs in all; returns the jobs and the seconds of each batch."""
    marks: list[tuple[int, float]] = []

    def should_stop() -> bool:
        marks.append((_done(operation), perf_counter()))
        return marks[-1][0] >= goal

    run(operation, should_stop)
    return [(done - before, at - began) for (before, began), (done, at) in pairwise(marks)]


def _done(operation: int) -> int:
    row = read_operation(operation)
    assert row
    return row.done


def _load(address: str, limits: Limits) -> dict[str, Load]:
    lists = [
        Call("a page of the JSON list", (job_list(),)),
        Call("the page of the list", (get(reverse("pages:job_list")),)),
        Call("a job as JSON", tuple(get(reverse("api:job", args=[i])) for i in some_ids(64))),
    ]
    with clients(
        address, lists, limits.clients, limits.served_seconds, limits.served_requests
    ) as reports:
        return {load.name: load for load in reports}


@contextmanager
def _running(operation: int) -> Iterator[None]:
    """Runs it in a thread of its own, as a worker does."""
    stopping = Event()

    def work() -> None:
        try:
            run(operation, stopping.is_set)
        finally:
            connection.close()

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def _change_selected(app: App, operation: int, limits: Limits) -> list[float]:
    """Times in ms of changes of jobs just above the operation's cursor, which the next batches take."""
    waits: list[float] = []
    end = perf_counter() + limits.writing_seconds
    while perf_counter() < end:
        ids = _next_ids(operation)
        if not ids:
            break
        for job_id in ids:
            path = reverse("api:job", args=[job_id])
            change: Any = send("PATCH", path, {"name": f"Renamed during an operation {job_id}"})
            waits.append(app.expect(change).elapsed)
    return waits


def _next_ids(operation: int) -> list[int]:
    sql = """
        SELECT id FROM job WHERE id > (SELECT last_id FROM operation WHERE id = %s AND state = 'running')
        ORDER BY id LIMIT 8
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [operation])
        return [job_id for (job_id,) in cursor.fetchall()]
