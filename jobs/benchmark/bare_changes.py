"""What operations are compared with: statements that make the same changes to the next jobs, and keep no account of it."""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction

from jobs.operations.actions import LATER
from jobs.sources import Source
from jobs.statuses import StatusType

JOB: Final = "id, name, current_status, created_at, updated_at, key, labels"
ENTRY: Final = (
    'id, job_id, status_type, "timestamp", undoes, reason, source, actor, occurred_at, operation_id'
)
NEXT: Final = """
WITH taken AS MATERIALIZED (
    SELECT * FROM {table} AS job WHERE id > %(after)s ORDER BY id LIMIT %(size)s FOR UPDATE
)
"""
SET_STATUS: Final = f"""
{NEXT.format(table="job").replace("FOR UPDATE", "FOR NO KEY UPDATE")},
changed AS (
    UPDATE job SET current_status = '{StatusType.RUNNING}', updated_at = {LATER}
    FROM taken WHERE job.id = taken.id RETURNING job.id, job.updated_at
),
history AS (
    INSERT INTO job_status (job_id, status_type, "timestamp", source)
    SELECT id, '{StatusType.RUNNING}', updated_at, '{Source.OPERATION}' FROM changed ORDER BY id
)
SELECT count(*), max(id) FROM changed
"""  # noqa: S608  # constants above
DELETE: Final = f"""
{NEXT.format(table="job")},
kept AS (
    INSERT INTO trashed_job ({JOB}, deleted_at) SELECT {JOB}, clock_timestamp() FROM taken
),
history AS (
    INSERT INTO trashed_status ({ENTRY})
    SELECT {ENTRY} FROM job_status WHERE job_id = ANY (ARRAY(SELECT id FROM taken))
),
changed AS (
    DELETE FROM job USING taken WHERE job.id = taken.id RETURNING job.id
)
SELECT count(*), max(id) FROM changed
"""  # noqa: S608  # constants above
RESTORE: Final = f"""
{NEXT.format(table="trashed_job")},
changed AS (
    INSERT INTO job ({JOB}) SELECT {JOB} FROM taken ORDER BY id RETURNING id
),
history AS (
    INSERT INTO job_status ({ENTRY})
    SELECT {ENTRY} FROM trashed_status WHERE job_id = ANY (ARRAY(SELECT id FROM taken)) ORDER BY id
),
emptied AS (
    DELETE FROM trashed_job USING taken WHERE trashed_job.id = taken.id
),
emptied_history AS (
    DELETE FROM trashed_status USING taken WHERE trashed_status.job_id = taken.id
)
SELECT count(*), max(id) FROM changed
"""  # noqa: S608  # constants above


def change(sql: str, after: int, size: int) -> tuple[int, int]:
    """Changes the next `size` jobs after the id, in a transaction; returns their number and the highest id."""
    with transaction.atomic(), connection.cursor() as cursor:
        # As job_restore does: restored entries are not counted as new ones.
        restores = "on" if sql is RESTORE else ""
        cursor.execute("SELECT set_config('job_status.is_restored', %s, true)", [restores])
        cursor.execute(sql, {"after": after, "size": size})
        number, last = cursor.fetchone() or (0, None)
    return number, last or after
