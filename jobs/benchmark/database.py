"""The benchmark's own questions to the database: without the budget that the product's questions have."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def unhurried(longest_ms: int = 0) -> Iterator[Any]:
    """A cursor in a transaction that is undone, where a statement may take the time it needs; 0 is for ever."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {longest_ms:d}")
        yield cursor
        transaction.set_rollback(True)


def rows(sql: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with unhurried() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def one(sql: str) -> Any:
    [[value]] = rows(sql)
    return value


def command(sql: str) -> None:
    """For what cannot run in a transaction, such as VACUUM."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        try:
            cursor.execute(sql)
        finally:
            cursor.execute("RESET statement_timeout")


def numbers_by_status() -> dict[str, int]:
    """Counted, row by row."""
    return dict(rows("SELECT current_status, count(*) FROM job GROUP BY 1"))


def some_ids(number: int) -> list[int]:
    """Ids of jobs, spread over all of them."""
    found = rows(
        """
        SELECT DISTINCT (SELECT id FROM job WHERE id >= step ORDER BY id LIMIT 1)
        FROM (SELECT min(id) AS low, max(id) AS high FROM job) AS ends,
            generate_series(low, high, greatest((high - low) / %s, 1)) AS step
        """,
        [number],
    )
    return [job_id for (job_id,) in found]
