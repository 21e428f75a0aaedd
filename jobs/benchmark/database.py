"""The benchmark's own queries, without the product's statement timeout."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from jobs.backend import extended_timeout

DAY = 86_400.0


@contextmanager
def without_timeout(timeout_ms: int = 0) -> Iterator[Any]:
    """A cursor with another statement timeout (0 for none), in a transaction that is rolled back."""
    seconds = timeout_ms / 1000 or DAY
    with extended_timeout(seconds), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {timeout_ms:d}")
        yield cursor
        transaction.set_rollback(True)


def rows(sql: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with without_timeout() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def one(sql: str) -> Any:
    [[value]] = rows(sql)
    return value


@contextmanager
def unbounded() -> Iterator[Any]:
    """A cursor whose statements take as long as they need: neither the server nor the connection cancels them."""
    with extended_timeout(DAY), connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        try:
            yield cursor
        finally:
            cursor.execute("RESET statement_timeout")


def command(sql: str) -> None:
    """Runs a statement that is not allowed in a transaction, such as VACUUM."""
    with unbounded() as cursor:
        cursor.execute(sql)


def counts_by_status() -> dict[str, int]:
    """The number of jobs per status, from the rows themselves."""
    return dict(rows("SELECT current_status, count(*) FROM job GROUP BY 1"))


def some_ids(number: int) -> list[int]:
    """Ids of about `number` jobs, spread evenly over all."""
    found = rows(
        """
        SELECT DISTINCT (SELECT id FROM job WHERE id >= step ORDER BY id LIMIT 1)
        FROM (SELECT min(id) AS low, max(id) AS high FROM job) AS ends,
            generate_series(low, high, greatest((high - low) / %s, 1)) AS step
        """,
        [number],
    )
    return [job_id for (job_id,) in found]
