"""`python -m project.migrate`: applies the migrations, one process at a time.

Several nodes may start together, and Django's own `migrate` takes no lock.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import django
from django.core.management import call_command
from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from jobs.advisory_locks import MIGRATE

POLL_SECONDS = 0.5
# The transaction stays open for as long as the migrations take, whatever the database's own limits are.
TRY_LOCK = """
SELECT pg_try_advisory_xact_lock(%s),
    set_config('idle_in_transaction_session_timeout', '0', true), set_config('transaction_timeout', '0', true)
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    with alone():
        call_command("migrate", interactive=False, verbosity=1)


@contextmanager
def alone() -> Iterator[None]:
    """Holds a lock that all processes on the same database share.

    It is a transaction-level advisory lock on a dedicated connection. A session-level lock would not work: a
    transaction pooler may run the next transaction in another session. Between its statements the transaction holds
    neither a snapshot nor a transaction id, so CREATE INDEX CONCURRENTLY, vacuum and the change feed ignore it.
    """
    own = _dedicated_connection()
    own.set_autocommit(False)
    try:
        # Polled, because a statement that waits holds a snapshot: CREATE INDEX CONCURRENTLY in the other process would
        # wait for it in turn, for ever.
        while not _try_lock(own):
            own.rollback()
            time.sleep(POLL_SECONDS)
        yield
    finally:
        with suppress(Error):  # the connection may be lost
            own.rollback()
        own.close()


def _dedicated_connection() -> BaseDatabaseWrapper:
    """Outside the pool, which may hold a single connection."""
    own = connection.copy()
    own.settings_dict["OPTIONS"].pop("pool", None)
    return own


def _try_lock(own: BaseDatabaseWrapper) -> bool:
    with own.cursor() as cursor:
        cursor.execute(TRY_LOCK, [MIGRATE])
        row = cursor.fetchone()
    return bool(row and row[0])


if __name__ == "__main__":
    main()
