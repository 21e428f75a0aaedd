"""What the tables hold, with every column."""

import json
from typing import Any

from jobs.tests.factories import database_rows

Row = dict[str, Any]


def rows(table: str, order: str = "id") -> list[Row]:
    """The rows of the table, each as an object of all its columns as text."""
    found = database_rows(f"SELECT to_jsonb(row)::text FROM {table} AS row ORDER BY {order}")
    return [json.loads(row) for (row,) in found]


def without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def expire(days: int = 8) -> None:
    """Makes all that is in the trash older."""
    database_rows(f"UPDATE trashed_job SET deleted_at = deleted_at - interval '{days} days'")


def fill_columns() -> None:
    """Gives every optional column of the jobs, and of new entries of their histories, a value of its own."""
    database_rows(
        "UPDATE job SET key = 'key ' || id, labels = ARRAY['team=fluid', 'run=' || id], current_status = 'FAILED'"
    )
    database_rows(
        'INSERT INTO job_status (job_id, status_type, "timestamp", undoes, reason, source, actor, occurred_at, operation_id)'
        " SELECT id, 'FAILED', updated_at, 1, 'Diverged', 'api', 7, updated_at - interval '1 hour', 3 FROM job ORDER BY id"
    )
