"""Many new jobs from one source: all of them, or none.

Their names gather in a table that only this connection sees, each part in a transaction of its own. So a slow source
holds no transaction open, and what breaks off leaves nothing to take back. Then one transaction makes the jobs.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self

from django.db import Error, OperationalError, connection, transaction

from jobs.budget import is_over_budget
from jobs.statuses import StatusType

# So many pages of gathered names at a time, some ten thousand: what a statement keeps until its end stays small.
PAGES: Final = 64
TOO_LONG: Final = "The import took too long."

CREATE: Final = f"""
WITH created AS (
    INSERT INTO job (name, current_status, created_at, updated_at)
    SELECT name, '{StatusType.PENDING}', now(), now() FROM pg_temp.job_import
    WHERE ctid >= %(first)s::tid AND ctid < %(end)s::tid
    RETURNING id, current_status, created_at
)
INSERT INTO job_status (job_id, status_type, "timestamp")
SELECT id, current_status, created_at FROM created ORDER BY id
"""


class Staging:
    """Names of jobs that are to be, valid each of them. Gone with the block, whatever ended it."""

    def __enter__(self) -> Self:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE job_import (name text NOT NULL)")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE pg_temp.job_import")
        except Error:
            connection.close()  # the next user of the connection must not find the table
            if error is None:
                raise

    def add(self, names: Iterable[str]) -> None:
        """One COPY."""
        raw: Any
        with (
            connection.wrap_database_errors,
            connection.cursor() as raw,
            raw.copy("COPY pg_temp.job_import (name) FROM STDIN") as copy,
        ):
            for name in names:
                copy.write_row((name,))

    def create_jobs(self, seconds: float) -> int:
        """Make them jobs, PENDING, with their histories, ids in the order they were added; how many.

        All are created at one moment. Raises TimeoutError after `seconds`, and then has made none.
        """
        try:
            return _create_jobs(max(seconds, 0.001))
        except OperationalError as error:
            if is_over_budget(error):
                raise TimeoutError(TOO_LONG) from error
            raise


def _create_jobs(seconds: float) -> int:
    ends, created = monotonic() + seconds, 0
    with transaction.atomic(), connection.cursor() as cursor:
        # The budget of a question is not that of a million rows.
        limit = f"{max(1, round(seconds * 1000))}"
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [limit])
        cursor.execute(
            "SELECT pg_relation_size('pg_temp.job_import') / current_setting('block_size')::int"
        )
        [pages] = cursor.fetchone()
        for first in range(0, pages, PAGES):
            if monotonic() > ends:
                raise TimeoutError(TOO_LONG)
            cursor.execute(CREATE, {"first": f"({first},0)", "end": f"({first + PAGES},0)"})
            created += cursor.rowcount
    return created
