"""Runs SQL in the session's schema, without letting others queue behind it for long."""

import sys
from time import sleep
from typing import Any, Final

from django.db import OperationalError
from django.db.transaction import atomic

# Longer than deadlock_timeout, after which a waiting session cancels autovacuum; shorter than twice that, so that in a
# deadlock this session gives up, and not the one that it blocks.
LOCK_TIMEOUT: Final = "SET LOCAL lock_timeout = '1500ms'"
# Ten times as long: others wait for at most a tenth of the time, however long a transaction holds the lock.
RETRY_SECONDS: Final = 15
LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED = "55P03", "40P01"

# Functions keep this path, SET search_path FROM CURRENT: the schema of the tables, and temporary tables last, which could
# otherwise take the place of those.
SEARCH_PATH: Final = (
    "SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true)"
)
SETTINGS: Final = "SELECT current_setting('lock_timeout'), current_setting('search_path')"
RESTORE: Final = "SELECT set_config('lock_timeout', %s, true), set_config('search_path', %s, true)"

# Whoever blocked the SQL began before it waited, and still holds a lock, or has ended meanwhile.
HOLDERS: Final = """
SELECT pid, string_agg(DISTINCT mode || ' on ' || relname, ', ')
FROM pg_locks JOIN pg_class ON pg_class.oid = relation JOIN pg_stat_activity USING (pid)
WHERE granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v') AND pid <> pg_backend_pid()
    AND coalesce(xact_start < clock_timestamp() - interval '1 s', true)
GROUP BY pid ORDER BY pid
"""


def run(schema_editor: Any, name: str, sql: str) -> None:
    """In a transaction of its own, repeats it until it gets its locks, and prints what it waits for.

    Within a transaction, raises OperationalError instead: the locks of earlier statements would be held meanwhile.
    """
    if schema_editor.collect_sql:
        _collect(schema_editor, sql)
        return
    connection = schema_editor.connection
    is_own_transaction = not connection.in_atomic_block
    while True:
        try:
            with atomic(connection.alias), connection.cursor() as cursor:
                cursor.execute(SETTINGS)
                settings = cursor.fetchone()
                cursor.execute(LOCK_TIMEOUT)
                cursor.execute(SEARCH_PATH)
                cursor.execute(sql)
                cursor.execute(RESTORE, settings)
            return
        except OperationalError as error:
            sqlstate = getattr(error.__cause__, "sqlstate", None)
            if sqlstate not in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED) or not is_own_transaction:
                raise
        _report(connection, name)
        sleep(RETRY_SECONDS)


def _collect(schema_editor: Any, sql: str) -> None:
    words = [LOCK_TIMEOUT, SEARCH_PATH, sql]
    if not schema_editor.atomic_migration:
        words = ["BEGIN", *words, "COMMIT"]
    for word in words:
        schema_editor.execute(word, params=None)


def _report(connection: Any, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS)
        holders = [f"process {pid} ({locks})" for pid, locks in cursor.fetchall()]
    sys.stdout.write(
        f"\n    {name} did not get its locks and is tried again in {RETRY_SECONDS} s."
        f" Held by: {'; '.join(holders) or 'nothing any more'}."
    )
    sys.stdout.flush()
