"""Operations as they are stored and read."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.actors import username_sql
from jobs.listing.keyset import Batch, Ordering, Page, SortColumn, Window
from jobs.listing.paging import Paging
from jobs.querysets import COUNT_CAP, Count, Relation
from jobs.rows import utc_text_sql


class Action(StrEnum):
    """What an operation does to each job. Values may be added."""

    SET_STATUS = "set_status"
    DELETE = "delete"
    RESTORE = "restore"
    LABEL = "label"
    RENAME = "rename"
    # Takes back another operation; `parameters["undone"]` is the action whose changes are taken back.
    UNDO = "undo"


class State(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


UNFINISHED: Final = (State.PENDING, State.RUNNING)
# A worker whose last heartbeat is older is dead. Procrastinate's workers send one every ten seconds.
HEARTBEAT_SECONDS: Final = 30


class OperationRow(NamedTuple):
    """An operation as the API and the pages show it. Timestamps are text, as those of a job."""

    id: int
    action: str
    parameters: dict[str, Any]
    state: str
    q: str
    tz: str | None
    statuses: list[str] | None
    id_count: int | None
    everything: bool
    except_count: int
    reason: str | None
    source: str
    actor: str | None
    """The name of the user; None in open mode, and for what the dashboard does by itself."""
    cancelled_by: str | None
    total: int
    total_relation: Relation
    done: int
    skipped: int
    failed: int
    error: str | None
    created_at: str
    started_at: str | None
    finished_at: str | None
    undoes: int | None
    undone_by: int | None
    retries: int | None
    seconds: float
    """For how long it has run."""
    progress: float
    """The part of the ids that it is done with."""
    proposal: int | None
    """The proposal that became this operation."""
    proposed_by: str | None
    """The name of the user in whose name it was proposed; None in open mode."""

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def handled(self) -> int:
        return self.done + self.skipped + self.failed

    @property
    def rate(self) -> float | None:
        """Jobs per second so far; None before it has run."""
        return round(self.handled / self.seconds, 1) if self.seconds > 0 else None

    @property
    def seconds_left(self) -> int | None:
        """An estimate while it is running: from the number of jobs if that is known, otherwise from the cursor."""
        if self.state != State.RUNNING or self.seconds <= 0:
            return None
        is_counted = self.total_relation == "exact" and self.total > 0
        part = self.handled / self.total if is_counted else self.progress
        return round(self.seconds * (1 - part) / part) if 0 < part <= 1 else None


def _time(column: str) -> str:
    return utc_text_sql(f"operation.{column}")


# One whose undo has not come to its end can be undone again.
UNDONE_BY: Final = """(
    SELECT undo.id FROM operation AS undo
    WHERE undo.undoes = operation.id AND undo.state NOT IN ('cancelled', 'failed') ORDER BY undo.id DESC LIMIT 1
)"""
OF_PROPOSAL: Final = "(SELECT {0} FROM proposal WHERE proposal.operation_id = operation.id)"
COLUMNS: Final = f"""
operation.id, action, parameters, state, q, tz, statuses, cardinality(ids), everything, cardinality(excluded), reason, source, {username_sql("actor")}, {username_sql("cancelled_by")},
total, total_relation, done, skipped, failed, error, {_time("created_at")}, {_time("started_at")}, {_time("finished_at")},
undoes, {UNDONE_BY}, retries,
coalesce(extract(epoch FROM coalesce(finished_at, clock_timestamp()) - started_at), 0)::float8,
CASE WHEN upto = 0 THEN 1 ELSE last_id::float8 / upto END,
{OF_PROPOSAL.format("proposal.id")}, {OF_PROPOSAL.format(username_sql("proposal.proposer"))}
"""
NEWEST_FIRST: Final = Ordering((SortColumn("operation.id", "id"),), descending=True)


class Failure(NamedTuple):
    """A job that was not changed, and why."""

    job_id: int
    code: str
    detail: str


BY_JOB: Final = Ordering((SortColumn("failure.job_id", "job_id"),))


def read_operation(operation_id: int) -> OperationRow | None:
    rows = _fetch(f"SELECT {COLUMNS} FROM operation WHERE id = %s", [operation_id])
    return rows[0] if rows else None


def operations_page(paging: Paging, state: State | None = None) -> Page[OperationRow]:
    """Newest first, of one state or of all. One query. Raises InvalidQuery if the cursor belongs to another list."""

    def read(window: Window) -> Batch[OperationRow]:
        condition, params = ("state = %s", [state.value]) if state else ("TRUE", [])
        sql = f"""
            SELECT {COLUMNS} FROM operation WHERE {condition} AND {window.beyond_key}
            ORDER BY {window.order_by} LIMIT {window.size}
        """
        return Batch(_fetch(sql, [*params, *window.key]))

    return paging.paginate(read, NEWEST_FIRST, f"operations {state}")


def failures_page(operation_id: int, paging: Paging) -> Page[Failure]:
    """By job. One query. Raises InvalidQuery if the cursor belongs to another list."""

    def read(window: Window) -> Batch[Failure]:
        sql = f"""
            SELECT job_id, code, detail FROM operation_failure AS failure
            WHERE operation_id = %s AND {window.beyond_key}
            ORDER BY {window.order_by} LIMIT {window.size}
        """
        with connection.cursor() as cursor:
            cursor.execute(sql, [operation_id, *window.key])
            return Batch([Failure._make(row) for row in cursor.fetchall()])

    return paging.paginate(read, BY_JOB, f"failures {operation_id}")


def existing(ids: Collection[int]) -> set[int]:
    """Those of the operations that have not been forgotten. One query, or none without ids."""
    if not ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM operation WHERE id = ANY (%s)", [list(ids)])
        return {operation_id for (operation_id,) in cursor.fetchall()}


def count_operations(state: State | None = None) -> Count:
    """The number of operations of one state or of all, counted up to COUNT_CAP."""
    condition, params = ("state = %s", [state.value]) if state else ("TRUE", [])
    return _capped_count(f"SELECT FROM operation WHERE {condition}", params)


def count_failures(operation_id: int) -> Count:
    """The number of jobs that the operation did not change, counted up to COUNT_CAP."""
    return _capped_count("SELECT FROM operation_failure WHERE operation_id = %s", [operation_id])


def _capped_count(sql: str, params: list[Any]) -> Count:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql} LIMIT {COUNT_CAP + 1}) AS found", params)
        [number] = cursor.fetchone() or [0]
    return Count(number) if number <= COUNT_CAP else Count(COUNT_CAP, "at_least")


def worker_is_alive() -> bool:
    """Whether any worker can run operations: those that wait say so."""
    sql = """
        SELECT EXISTS (
            SELECT FROM procrastinate_workers WHERE last_heartbeat > statement_timestamp() - make_interval(secs => %s)
        )
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [HEARTBEAT_SECONDS])
        [alive] = cursor.fetchone() or [False]
    return bool(alive)


def _fetch(sql: str, params: list[Any]) -> list[OperationRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = [OperationRow._make(row) for row in cursor.fetchall()]
    # Django's cursors return jsonb as text.
    return [row._replace(parameters=json.loads(row.parameters)) for row in rows]  # type: ignore[arg-type]  # text so far


class Work(NamedTuple):
    """What a worker needs to know of an operation."""

    id: int
    action: Action
    parameters: dict[str, Any]
    q: str
    tz: str | None
    statuses: list[str] | None
    ids: list[int] | None
    excluded: list[int]
    undoes: int | None
    retries: int | None
    moment: datetime
    actor: int | None


START: Final = """
UPDATE operation
SET state = 'running', started_at = coalesce(started_at, clock_timestamp()), progress_at = clock_timestamp()
WHERE id = %s AND state IN ('pending', 'running')
RETURNING id, action, parameters, q, tz, statuses, ids, excluded, undoes, retries, moment, actor
"""


def start(operation_id: int) -> Work | None:
    """Begins or resumes the operation; None if it has finished or does not exist."""
    with connection.cursor() as cursor:
        cursor.execute(START, [operation_id])
        row = cursor.fetchone()
    if row is None:
        return None
    work = Work._make(row)
    return work._replace(action=Action(work.action), parameters=json.loads(row[2]))
