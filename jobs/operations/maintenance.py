"""What recurs: compacting counters, and deleting what has expired. Each step is small, and can be repeated at any time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection

from jobs import idempotency_store
from jobs.audit.trimming import trim
from jobs.transfer import receipts
from jobs.trash.emptying import empty_expired

BATCH: Final = 10_000
# Jobs, which may have long histories
TRASH_BATCH: Final = 1_000
# Bounds one run, should something produce as fast as this removes.
MAX_BATCHES: Final = 1_000
# Procrastinate's finished tasks, and those of workers that are gone
TASK_DAYS: Final = 7
OLD_TASKS: Final = """
DELETE FROM procrastinate_jobs WHERE id = ANY (ARRAY(
    SELECT job.id FROM procrastinate_jobs AS job
    WHERE (status NOT IN ('todo', 'doing') OR status = 'doing' AND worker_id IS NULL)
        AND NOT EXISTS (
            SELECT FROM procrastinate_events AS event
            WHERE event.job_id = job.id AND at > statement_timestamp() - make_interval(days => %s)
        )
    ORDER BY job.id LIMIT %s FOR UPDATE SKIP LOCKED
))
"""
# Sessions of login mode, and the attempts to log in that it counts
EXPIRED: Final = """
DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {column} < statement_timestamp() LIMIT %s))
"""
# The rows of an operation go first, a batch at a time; then the operation.
OLD: Final = """
SELECT id FROM operation WHERE finished_at < statement_timestamp() - make_interval(days => %s) ORDER BY finished_at LIMIT 100
"""
OLD_ROWS: Final = """
DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE operation_id = ANY (%s) LIMIT %s))
"""
OLD_OPERATIONS: Final = """
DELETE FROM operation WHERE id = ANY (%s)
    AND NOT EXISTS (SELECT FROM operation_failure WHERE operation_id = operation.id)
    AND NOT EXISTS (SELECT FROM operation_before WHERE operation_id = operation.id)
"""
# Proposals that were decided, or have expired
OLD_PROPOSALS: Final = """
DELETE FROM proposal WHERE id = ANY (ARRAY(
    SELECT id FROM proposal WHERE coalesce(decided_at, expires_at) < statement_timestamp() - make_interval(days => %s) LIMIT %s
))
"""

logger = logging.getLogger(__name__)


class Done(NamedTuple):
    """What one step has done: how many rows it removed, and whether there may be more."""

    rows: int
    is_all: bool


def maintain(should_stop: Callable[[], bool] = lambda: False) -> dict[str, int]:
    """Repeats each step until nothing is left; returns how many rows each has removed.

    A step that fails does not keep the others from being done. Raises the last error at the end.
    """
    removed: dict[str, int] = {}
    failure: DatabaseError | None = None
    for name, step in STEPS.items():
        removed[name] = 0
        try:
            for _ in range(MAX_BATCHES):
                if should_stop():
                    return removed
                done = step()
                removed[name] += done.rows
                if done.is_all:
                    break
        except DatabaseError as error:
            logger.exception("Maintenance failed: %s", name)
            failure = error
    if failure:
        raise failure
    return removed


def _call(function: str) -> Done:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [BATCH])
        [rows] = cursor.fetchone() or [0]
    # Not until it is 0: compacted rows are compacted again, into as many.
    return Done(rows, rows < BATCH)


def _purge(purge: Callable[[int], int]) -> Done:
    rows = purge(BATCH)
    return Done(rows, rows < BATCH)


def _delete(sql: str, *params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def _old_tasks(limit: int) -> int:
    return _delete(OLD_TASKS, TASK_DAYS, limit)


def _expired(table: str, column: str) -> Callable[[int], int]:
    return partial(_delete, EXPIRED.format(table=table, column=column))


def _empty_trash() -> Done:
    rows = empty_expired(TRASH_BATCH)
    return Done(rows, rows < TRASH_BATCH)


def _old_operations() -> Done:
    if not settings.OPERATION_DAYS:
        return Done(0, is_all=True)
    with connection.cursor() as cursor:
        cursor.execute(OLD, [settings.OPERATION_DAYS])
        old = [operation_id for (operation_id,) in cursor.fetchall()]
    if not old:
        return Done(0, is_all=True)
    for table in ("operation_failure", "operation_before"):
        if _delete(OLD_ROWS.format(table=table), old, BATCH):
            return Done(0, is_all=False)
    return Done(_delete(OLD_OPERATIONS, old), is_all=False)


def _old_proposals(limit: int) -> int:
    return _delete(OLD_PROPOSALS, settings.OPERATION_DAYS, limit) if settings.OPERATION_DAYS else 0


STEPS: Final[dict[str, Callable[[], Done]]] = {
    "counters": partial(_call, "job_count_fold"),
    "activity": partial(_call, "job_activity_fold"),
    "events": partial(_call, "job_event_trim"),
    "idempotency records": partial(_purge, idempotency_store.purge_expired),
    "export receipts": partial(_purge, receipts.purge_expired),
    "trash": _empty_trash,
    "operations": _old_operations,
    "proposals": partial(_purge, _old_proposals),
    "audit": partial(_purge, trim),
    "tasks": partial(_purge, _old_tasks),
    "sessions": partial(_purge, _expired("django_session", "expire_date")),
    "attempts to log in": partial(_purge, _expired("login_limit", "expires")),
}
