"""Operations, started by requests, and followed while things are killed."""

from collections import deque
from threading import Thread
from time import monotonic, sleep
from typing import Any, Final

from jobs.fault_tests.plan import JOBS, MOST_OF_AN_OPERATION, Kill, Victim
from jobs.fault_tests.stack import Stack
from jobs.tests.waiting import DEADLINE_SECONDS, eventually

Operation = dict[str, Any]
POLL_SECONDS: Final = 0.02
# So near to the end, nothing is killed: the operation could end before.
LAST_JOBS: Final = 0.95 * JOBS
SET_STATUS: Final = {"action": "set_status", "status_type": "FAILED", "reason": "The pump stopped."}
DELETE: Final = {"action": "delete"}
SELECTED: Final = {"q": "wing", "status": ["PENDING"]}


def begin(stack: Stack, change: dict[str, Any]) -> int:
    answer = stack.api.send("POST", "/api/operations/", {**change, **SELECTED})
    assert answer.status == 202, answer.text
    return _running_on_all(stack, answer.content["id"])


def begin_undo(stack: Stack, operation: int) -> int:
    answer = stack.api.send("POST", f"/api/operations/{operation}/undo/")
    assert answer.status == 202, answer.text
    return _running_on_all(stack, answer.content["id"])


def _running_on_all(stack: Stack, operation: int) -> int:
    """The operation, which each worker is at: as after a task that was taken for lost."""
    for _ in stack.workers[1:]:
        stack.rows(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            f" VALUES ('operations', 'run_operation', '{{\"operation_id\": {operation}}}')"
        )
    return operation


def finished(stack: Stack, operation: int, kills: deque[Kill] | None = None) -> Operation:
    """The operation at its end. On the way, it takes as many of the kills as there is time for."""
    taken = handled = 0
    while kills and taken < MOST_OF_AN_OPERATION:
        handled = reached(stack, operation, handled + kills[0].jobs)
        sleep(kills[0].seconds)
        pid = stack.find(kills[0].victim)
        handled = handled_by(stack, operation)
        if handled > LAST_JOBS:
            break
        try:
            stack.kill(kills[0].victim, pid)
        except ProcessLookupError:  # it has just ended, with the database for example
            continue
        kill = kills.popleft()
        taken += 1
        _note_outage(stack, operation, kill.victim, pid)
    reached(stack, operation)
    return stack.api.operation(operation)


def reached(stack: Stack, operation: int, jobs: float | None = None) -> int:
    """How many jobs are done, once there are so many, or at the end. It must not stand still for long."""
    last, since = -1, monotonic()
    while True:
        handled, is_finished = _progress(stack, operation)
        if is_finished or (jobs is not None and handled >= jobs):
            return handled
        if handled > last:
            last, since = handled, monotonic()
        assert monotonic() - since < DEADLINE_SECONDS, f"operation {operation} stands still"
        sleep(POLL_SECONDS)


def handled_by(stack: Stack, operation: int) -> int:
    return _progress(stack, operation)[0]


def _progress(stack: Stack, operation: int) -> tuple[int, bool]:
    """How many jobs are done, and whether it has ended."""
    [found] = stack.rows(
        f"SELECT done + skipped + failed, finished_at IS NOT NULL FROM operation WHERE id = {operation}"
    )
    return found[0], found[1]


def canceled(stack: Stack, operation: int) -> Operation:
    answer = stack.api.send("POST", f"/api/operations/{operation}/cancel/")
    assert answer.status == 200, answer.text
    found: Operation = answer.content
    assert found["state"] == "cancelled"
    return found


def _note_outage(stack: Stack, operation: int, victim: Victim, pid: int) -> None:
    """Until the operation goes on, or the process has a successor and the API answers: for that, nothing waits."""
    if victim in {Victim.WORKER, Victim.POSTGRESQL}:
        began = stack.killed_at
        reached(stack, operation, handled_by(stack, operation) + 1)
        stack.outages.append((victim, monotonic() - began))
    else:
        Thread(target=_note_web_outage, args=(stack, victim, pid, stack.killed_at)).start()


def _note_web_outage(stack: Stack, victim: Victim, pid: int, began: float) -> None:
    eventually(lambda: stack.find(victim) != pid)
    stack.api.get("/api/health/")
    stack.outages.append((victim, monotonic() - began))
