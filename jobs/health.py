"""Health check of the database: whether it accepts changes. Cheap enough to be polled."""

from time import monotonic
from typing import Final

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jobs.faults import Fault

# Each change writes to most of these; triggers and functions run with the role's own privileges.
TABLES: Final = (
    "job",
    "job_status",
    "job_count",
    "job_activity",
    "job_event",
    "job_feed_era",
    "job_feed_given",
    "job_feed_running",
    "kept_answer",
    "export_receipt",
)
NEEDED: Final = [
    *((table, privilege) for table in TABLES for privilege in ("SELECT", "INSERT")),
    ("job", "UPDATE"),
    ("job", "DELETE"),
]
SQL: Final = f"""
SELECT NOT current_setting('transaction_read_only')::boolean,
  (
    SELECT bool_and(coalesce(has_table_privilege(to_regclass(name), privilege), false))
    FROM (VALUES {", ".join(map(str, NEEDED))}) AS needed (name, privilege)
  ) AND NOT EXISTS (
    SELECT FROM pg_trigger WHERE tgrelid IN (to_regclass('job'), to_regclass('job_status')) AND tgenabled IN ('D', 'R')
  )
"""  # noqa: S608  # constants


def fault() -> Fault | None:
    """The fault that prevents changes, as far as it can be detected without making one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(SQL)
        is_writable, is_intact = cursor.fetchone()
    if not is_writable:
        return Fault.READ_ONLY
    return None if is_intact else Fault.FAILING


# While some are pending, they are looked for again after so many seconds: it takes a tenth of one.
PENDING_SECONDS: Final = 2.0


class Migrations:
    """Which have not been run. Once none is pending, none will be in this process: its code does not change."""

    def __init__(self) -> None:
        self._asked_at = -PENDING_SECONDS
        self._pending: list[str] | None = None

    def pending(self) -> list[str]:
        if self._pending != [] and monotonic() - self._asked_at >= PENDING_SECONDS:
            executor = MigrationExecutor(connection)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            self._pending = [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
            self._asked_at = monotonic()
        return self._pending or []


migrations: Final = Migrations()
