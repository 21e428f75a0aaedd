"""Creating, canceling, retrying and undoing operations. The worker is woken in the same transaction."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Final, NamedTuple

from django.db import connection, transaction

from jobs.access.confirmation import ConfirmationRequired
from jobs.ids import LARGEST_ID
from jobs.operations.batches import UNDOS
from jobs.operations.rows import Action, OperationRow, State, read_operation
from jobs.operations.selection import Selection
from jobs.operations.tasks import wake_worker
from jobs.operations.trash import count_in_trash, is_in_trash, last_in_trash
from jobs.querysets import Count
from jobs.sources import Source

CREATE: Final = """
INSERT INTO operation (
    action, parameters, q, tz, statuses, ids, everything, excluded, undoes, retries, upto, moment,
    total, total_relation, reason, source, actor, created_at
)
SELECT %(action)s, %(parameters)s::jsonb, %(q)s, %(tz)s, %(statuses)s::text[], %(ids)s::bigint[], %(everything)s,
    %(excluded)s::bigint[], %(undoes)s, %(retries)s,
    coalesce(%(upto)s::bigint, (SELECT max(id) FROM job), 0), now, %(total)s, %(relation)s, %(reason)s, %(source)s, %(actor)s, now
FROM clock_timestamp() AS now
RETURNING id
"""
# Takes effect at once: it waits for the batch that holds the row, and no batch follows.
CANCEL: Final = """
UPDATE operation SET state = 'cancelled', finished_at = clock_timestamp(), cancelled_by = %s
WHERE id = %s AND state IN ('pending', 'running')
"""
LOCK: Final = "SELECT FROM operation WHERE id = %s FOR UPDATE"
COUNT_FAILURES: Final = "SELECT count(*) FROM operation_failure WHERE operation_id = %s"


class OperationRefused(Exception):
    """Nothing was done; the message says why. `code` is stable."""

    code: ClassVar[str]


class AlreadyFinished(OperationRefused):
    code = "operation_finished"

    def __init__(self, state: str = State.COMPLETED) -> None:
        super().__init__(f"The operation has ended: it is {state}.")


class NotFinished(OperationRefused):
    code = "operation_unfinished"

    def __init__(self) -> None:
        super().__init__(
            "The operation has not ended yet. Cancel it, or wait until it is completed."
        )


class NoFailures(OperationRefused):
    code = "nothing_to_retry"

    def __init__(self) -> None:
        super().__init__("No job of the operation failed, so there is nothing to retry.")


class CannotUndo(OperationRefused):
    code = "operation_not_undoable"

    def __init__(
        self, detail: str = "The operation has changed no job, so there is nothing to undo."
    ) -> None:
        super().__init__(detail)


class AlreadyUndone(OperationRefused):
    code = "operation_undone"

    def __init__(self, undone_by: int = 42) -> None:
        super().__init__(f"The operation is undone by operation {undone_by} already.")


class Request(NamedTuple):
    """What is to be done, and why."""

    action: Action
    parameters: dict[str, Any]
    reason: str | None = None
    source: Source = Source.API
    actor: int | None = None
    """The id of the user."""
    limit: int | None = None
    """The number of jobs above which ConfirmationRequired is raised."""


def create_operation(request: Request, selection: Selection, everything: bool) -> OperationRow:
    """The selection is frozen: it is what matches now, among the jobs that exist now, and does not change until then."""
    job_filter, ids = selection.job_filter, selection.ids
    upto = None
    if request.action == Action.RESTORE:
        total = count_in_trash(ids, selection.excluded)
        upto = LARGEST_ID if ids is not None else last_in_trash()
    elif ids is None:
        total = selection.count(selection.counts())
    else:  # those that do not exist are skipped
        total = Count(len({*ids} - {*selection.excluded}))
    return _create(
        request,
        total,
        q=str(job_filter.q),
        tz=job_filter.tz,
        statuses=None if job_filter.statuses is None else [s.value for s in job_filter.statuses],
        ids=None if ids is None else sorted({*ids}),
        everything=everything,
        excluded=sorted({*selection.excluded}),
        upto=upto,
    )


def cancel_operation(operation_id: int, actor: int | None = None) -> OperationRow | None:
    """No job is changed by it any more once this returns. Raises AlreadyFinished."""
    with connection.cursor() as cursor:
        cursor.execute(CANCEL, [actor, operation_id])
        is_canceled = cursor.rowcount == 1
    operation = read_operation(operation_id)
    if operation and not is_canceled:
        raise AlreadyFinished(operation.state)
    return operation


@transaction.atomic
def retry_operation(
    operation_id: int,
    reason: str | None = None,
    source: Source = Source.API,
    actor: int | None = None,
    limit: int | None = None,
) -> OperationRow | None:
    """A new operation for the jobs that failed. Raises NotFinished, NoFailures or ConfirmationRequired."""
    operation = _locked(operation_id)
    if operation is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(COUNT_FAILURES, [operation_id])
        [number] = cursor.fetchone() or [0]
    if not number:
        raise NoFailures
    request = Request(
        Action(operation.action),
        operation.parameters,
        reason or operation.reason,
        source,
        actor,
        limit,
    )
    return _create(
        request, Count(number), undoes=operation.undoes, retries=operation_id, upto=LARGEST_ID
    )


@transaction.atomic
def undo_operation(
    operation_id: int,
    reason: str | None = None,
    source: Source = Source.API,
    actor: int | None = None,
    limit: int | None = None,
) -> OperationRow | None:
    """A new operation that takes back what this one did, where nothing newer has happened.

    Raises NotFinished, CannotUndo, AlreadyUndone or ConfirmationRequired.
    """
    operation = _locked(operation_id)
    if operation is None:
        return None
    undone = operation.parameters["undone"] if operation.action == Action.UNDO else operation.action
    if not is_undoable(operation):
        raise CannotUndo("A restoration cannot be undone. Delete the jobs instead.")
    if not operation.done:
        raise CannotUndo
    if operation.action == Action.DELETE and not is_in_trash(operation_id):
        raise CannotUndo("The deleted jobs are not in the trash any more.")
    if operation.undone_by:
        raise AlreadyUndone(operation.undone_by)
    request = Request(Action.UNDO, {"undone": undone}, reason, source, actor, limit)
    return _create(request, Count(operation.done), undoes=operation_id, upto=LARGEST_ID)


def is_undoable(operation: OperationRow) -> bool:
    """Whether what it does can be taken back by an operation: all but to restore jobs, by itself or by an undo."""
    undone = operation.parameters.get("undone")
    return undone != Action.DELETE if undone else Action(operation.action) in UNDOS


def _locked(operation_id: int) -> OperationRow | None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [operation_id])
    operation = read_operation(operation_id)
    if operation and not operation.is_finished:
        raise NotFinished
    return operation


@transaction.atomic
def _create(request: Request, total: Count, **values: Any) -> OperationRow:
    if request.limit is not None and (total.value > request.limit or total.relation == "at_least"):
        raise ConfirmationRequired
    params = {
        "action": request.action.value,
        "parameters": json.dumps(request.parameters),
        "reason": request.reason,
        "source": request.source.value,
        "actor": request.actor,
        "total": total.value,
        "relation": total.relation,
        "q": "",
        "tz": None,
        "statuses": None,
        "ids": None,
        "everything": False,
        "excluded": [],
        "undoes": None,
        "retries": None,
        "upto": None,
        **values,
    }
    with connection.cursor() as cursor:
        cursor.execute(CREATE, params)
        [operation_id] = cursor.fetchone() or [0]
    wake_worker(operation_id)
    operation = read_operation(operation_id)
    assert operation
    return operation
