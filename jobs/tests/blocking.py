"""Sessions that wait for each other's locks."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from jobs.tests.factories import database_rows
from jobs.tests.waiting import eventually

BLOCKED_BY_THIS = "SELECT pid FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
WAITING_FOR_A_LOCK = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
"""


def blocks_another_session() -> bool:
    """True as soon as another session waits for a lock of this one."""
    return bool(eventually(lambda: database_rows(BLOCKED_BY_THIS)))


def waiting_session() -> int:
    """Waits until exactly one other session waits for a lock; returns its process id."""
    [[pid]] = eventually(lambda: database_rows(WAITING_FOR_A_LOCK))
    return int(pid)


@contextmanager
def locked(table: str, mode: str = "SHARE") -> Iterator[None]:
    """Locks the table: writers block in the middle of their work, and in ACCESS EXCLUSIVE mode readers too."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield
    finally:
        other.rollback()
        other.close()


@contextmanager
def endless_reads() -> Iterator[None]:
    """Reading a job takes ten minutes, which, unlike a wait for a lock, only a cancellation ends."""
    database_rows("CREATE POLICY slow ON job USING (pg_sleep(600) IS NOT NULL)")
    database_rows("ALTER TABLE job ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    try:
        yield
    finally:
        database_rows("ALTER TABLE job DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY")
        database_rows("DROP POLICY slow ON job")
