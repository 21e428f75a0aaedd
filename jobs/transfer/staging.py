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
from typing import Any, Final, Self, TypeAlias

import orjson
from django.db import OperationalError, connection, transaction

from jobs.backend import extended_timeout
from jobs.eras import begin_era
from jobs.rows import WRITABLE
from jobs.sources import Source
from jobs.statuses import StatusType
from jobs.timeouts import is_statement_timeout

NewJob: TypeAlias = dict[str, Any]
"""A job to create: the values of its writable columns."""
# Up to this size the jobs stay in memory: most imports do not touch the disk.
IN_MEMORY: Final = 1 << 20
TOO_LONG: Final = "The import took too long."

VALUES: Final = ", ".join(WRITABLE)
# A batch is passed as one parameter, a JSON array, so that nothing is escaped twice.
CREATE: Final = f"""
WITH created AS (
    INSERT INTO job ({VALUES}, current_status, created_at, updated_at)
    SELECT {VALUES}, '{StatusType.PENDING}', now(), now()
    FROM json_to_recordset(%s::json) AS new ({", ".join(f"{name} text" for name in WRITABLE)})
    RETURNING id, current_status, created_at
)
INSERT INTO job_status (job_id, status_type, "timestamp", source)
SELECT id, current_status, created_at, '{Source.IMPORT}' FROM created ORDER BY id
"""


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

    def create_jobs(self, seconds: float) -> int:
        """Creates the jobs, PENDING, with their histories and with ids in the order of adding; returns their number.

        All have the same created_at. Raises TimeoutError after `seconds`, and NoSpace; no job is created then.
        """
        try:
            self._batches.seek(0)
        except OSError as error:  # seeking flushes the buffer
            raise NoSpace(error.errno, error.strerror) from error
        try:
            return self._create_jobs(max(seconds, 0.001))
        except OperationalError as error:
            if is_statement_timeout(error):
                raise TimeoutError(TOO_LONG) from error
            raise

    def _create_jobs(self, seconds: float) -> int:
        deadline, created = monotonic() + seconds, 0
        begin_era()
        with extended_timeout(seconds), transaction.atomic(), connection.cursor() as cursor:
            # Replaces the statement timeout of requests.
            limit = f"{max(1, round(seconds * 1000))}"
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true)",
                [limit, limit],
            )
            for batch in self._batches:
                if monotonic() > deadline:
                    raise TimeoutError(TOO_LONG)
                cursor.execute(CREATE, [batch.decode()])
                created += cursor.rowcount
        return created
