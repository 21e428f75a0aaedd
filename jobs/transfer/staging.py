"""Import of many jobs from one source, all or nothing.

The jobs are staged in an unnamed temporary file, and one transaction creates the jobs. So a slow source holds neither
a connection nor a transaction, an aborted import leaves nothing to undo, and no statement relies on session state of an
earlier transaction: behind a transaction pooler that session may belong to another client.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import Any, Final, NamedTuple, Self, TypeAlias

import orjson
from django.db import OperationalError, connection, transaction

from jobs.backend import extended_timeout
from jobs.changes.values import new_sql
from jobs.eras import begin_era
from jobs.rows import LABELS, WRITABLE
from jobs.sources import Source
from jobs.statuses import StatusType
from jobs.timeouts import is_statement_timeout

NewJob: TypeAlias = dict[str, Any]
"""A job to create: the values of its writable columns and, if it has a key, the line that it is on."""
# Up to this size the jobs stay in memory: most imports do not touch the disk.
IN_MEMORY: Final = 1 << 20
TOO_LONG: Final = "The import took too long."

LINE: Final = "line"
VALUES: Final = ", ".join(WRITABLE)
# A batch is passed as one parameter, a JSON array, so that nothing is escaped twice. What a job lacks is NULL.
GIVEN: Final = ", ".join(f"{name} {'jsonb' if name in LABELS else 'text'}" for name in WRITABLE)
NEW: Final = ", ".join(
    f"CASE WHEN {name} IS NULL THEN '{{}}' ELSE {new_sql(name, name)} END"
    if name in LABELS
    else name
    for name in WRITABLE
)
INSERT: Final = f"""
INSERT INTO job ({VALUES}, current_status, created_at, updated_at)
SELECT {NEW}, '{StatusType.PENDING}', now(), now() FROM"""
HISTORY: Final = f"""
INSERT INTO job_status (job_id, status_type, "timestamp", source, actor)
SELECT id, current_status, created_at, '{Source.IMPORT}', %s FROM created ORDER BY id
"""
CREATE: Final = f"""
WITH created AS ({INSERT} json_to_recordset(%s::json) AS new ({GIVEN}) RETURNING id, current_status, created_at)
{HISTORY}
"""
# With keys, which may be taken, also by an earlier line: returns the number of new jobs, and the lines of the others.
CREATE_WITH_KEYS: Final = f"""
WITH new AS MATERIALIZED (SELECT * FROM json_to_recordset(%s::json) AS new ({GIVEN}, {LINE} bigint)),
created AS (
    {INSERT} new ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING RETURNING id, key, current_status, created_at
),
history AS ({HISTORY})
SELECT (SELECT count(*) FROM created), ARRAY(
    SELECT {LINE} FROM (
        SELECT {LINE}, key, row_number() OVER (PARTITION BY key ORDER BY {LINE}) AS place FROM new WHERE key IS NOT NULL
    ) AS keyed
    WHERE place > 1 OR NOT EXISTS (SELECT FROM created WHERE created.key = keyed.key) ORDER BY {LINE}
)
"""


class Created(NamedTuple):
    """The number of new jobs, and the lines of those whose keys were taken."""

    number: int
    taken: list[int]


class KeysTaken(Exception):
    """The keys on these lines are taken. No job was created."""

    def __init__(self, lines: list[int]) -> None:
        super().__init__("Keys are taken.")
        self.lines = lines


class NoSpace(OSError):
    """There is no disk space for staging the jobs."""


class Staging:
    """Valid jobs to create. A context manager: leaving the block discards them."""

    def __enter__(self) -> Self:
        # One line per batch: JSON escapes line breaks in text.
        self._batches = SpooledTemporaryFile[bytes](IN_MEMORY)
        return self

    def __exit__(self, *_: object) -> None:
        # Closing flushes the buffer again, which has failed before if the disk is full.
        with suppress(OSError):
            self._batches.close()

    def add(self, jobs: Sequence[NewJob]) -> None:
        """Stages a batch, which one statement creates. Raises NoSpace."""
        try:
            self._batches.write(orjson.dumps(jobs) + b"\n")
        except OSError as error:
            raise NoSpace(error.errno, error.strerror) from error

    def create_jobs(
        self, seconds: float, skip_taken: bool = False, actor: int | None = None
    ) -> Created:
        """Creates the jobs, PENDING, with their histories and with ids in the order of adding.

        All have the same created_at. Raises TimeoutError after `seconds`, NoSpace and, unless jobs whose key is taken are
        to be skipped, KeysTaken; no job is created then.
        """
        try:
            self._batches.seek(0)
        except OSError as error:  # seeking flushes the buffer
            raise NoSpace(error.errno, error.strerror) from error
        try:
            return self._create_jobs(max(seconds, 0.001), skip_taken, actor)
        except OperationalError as error:
            if is_statement_timeout(error):
                raise TimeoutError(TOO_LONG) from error
            raise

    def _create_jobs(self, seconds: float, skip_taken: bool, actor: int | None) -> Created:
        deadline, created = monotonic() + seconds, 0
        taken: list[int] = []
        begin_era()
        with extended_timeout(seconds), transaction.atomic(), connection.cursor() as cursor:
            # Replaces the statement timeout of requests.
            limit = f"{max(1, round(seconds * 1000))}"
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true),"
                " set_config('job_event.actor', %s, true)",
                [limit, limit, "" if actor is None else str(actor)],
            )
            for batch in self._batches:
                if monotonic() > deadline:
                    raise TimeoutError(TOO_LONG)
                text = batch.decode()
                if f'"{LINE}":' not in text:
                    cursor.execute(CREATE, [text, actor])
                    created += cursor.rowcount
                    continue
                cursor.execute(CREATE_WITH_KEYS, [text, actor])
                number, lines = cursor.fetchone()
                created += number
                taken += lines
            if taken and not skip_taken:
                raise KeysTaken(taken)
        return Created(created, taken)
