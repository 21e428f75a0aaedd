"""Many new jobs from one source: all of them, or none.

Their names gather in a file that only this process sees, and one transaction makes the jobs of them. So a slow source
holds neither a connection nor a transaction, what breaks off leaves nothing to take back, and no statement relies on
what another transaction has left in its session: behind a transaction pooler that may be somebody else's.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from time import monotonic
from types import TracebackType
from typing import Final, Self

import orjson
from django.db import OperationalError, connection, transaction

from jobs.budget import is_over_budget, taking
from jobs.eras import begin_era
from jobs.statuses import StatusType

# Up to here the names stay in memory: most imports touch no disk.
IN_MEMORY: Final = 1 << 20
TOO_LONG: Final = "The import took too long."

# The names of one batch are one parameter, a JSON array, so that nothing is escaped twice.
CREATE: Final = f"""
WITH created AS (
    INSERT INTO job (name, current_status, created_at, updated_at)
    SELECT name, '{StatusType.PENDING}', now(), now() FROM json_array_elements_text(%s::json) AS name
    RETURNING id, current_status, created_at
)
INSERT INTO job_status (job_id, status_type, "timestamp")
SELECT id, current_status, created_at FROM created ORDER BY id
"""


class NoSpace(OSError):
    """The names cannot be kept until they are made jobs."""


class Staging:
    """Names of jobs that are to be, valid each of them. Gone with the block, whatever ended it."""

    def __enter__(self) -> Self:
        # A line for each batch: JSON escapes the line ends of names.
        self._batches = SpooledTemporaryFile[bytes](IN_MEMORY)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(
            OSError
        ):  # which writes what is still in memory, where that has failed before
            self._batches.close()

    def add(self, names: Sequence[str]) -> None:
        """One batch, which one statement makes jobs. Raises NoSpace."""
        try:
            self._batches.write(orjson.dumps(names) + b"\n")
        except OSError as error:
            raise NoSpace(error.errno, error.strerror) from error

    def create_jobs(self, seconds: float) -> int:
        """Make them jobs, PENDING, with their histories, ids in the order they were added; how many.

        All are created at one moment. Raises TimeoutError after `seconds`, and then has made none; NoSpace.
        """
        try:
            self._batches.seek(0)
        except OSError as error:  # which writes what is still in memory
            raise NoSpace(error.errno, error.strerror) from error
        try:
            return self._create_jobs(max(seconds, 0.001))
        except OperationalError as error:
            if is_over_budget(error):
                raise TimeoutError(TOO_LONG) from error
            raise

    def _create_jobs(self, seconds: float) -> int:
        ends, created = monotonic() + seconds, 0
        begin_era()
        with taking(seconds), transaction.atomic(), connection.cursor() as cursor:
            # The budget of a question is not that of a million rows.
            limit = f"{max(1, round(seconds * 1000))}"
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true)",
                [limit, limit],
            )
            for batch in self._batches:
                if monotonic() > ends:
                    raise TimeoutError(TOO_LONG)
                cursor.execute(CREATE, [batch.decode()])
                created += cursor.rowcount
        return created
