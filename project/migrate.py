"""`python -m project.migrate`: brings the tables up to date, one process at a time.

Several nodes may start together; Django's own `migrate` does not keep them apart.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import django
from django.core.management import call_command
from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper

LOCK = 7_001_001
POLL_SECONDS = 0.5
# The transaction may wait for as long as the migrations take, whatever the database's own limits are.
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
    """One such block at a time, among all processes that share the database.

    The lock belongs to an open transaction on a connection of its own. A lock of the session would not do: a
    transaction pooler may give the next transaction another session. Between its statements the transaction holds
    neither a snapshot nor a transaction id, so CREATE INDEX CONCURRENTLY, vacuum and the change feed pass it by.
    """
    own = _connection_of_its_own()
    own.set_autocommit(False)
    try:
        # Asked repeatedly, not waited for: a waiting statement holds a snapshot, for which
        # CREATE INDEX CONCURRENTLY in the other process would wait in turn, for ever.
        while not _try_lock(own):
            own.rollback()
            time.sleep(POLL_SECONDS)
        yield
    finally:
        with suppress(Error):  # it has ended with its connection
            own.rollback()
        own.close()


def _connection_of_its_own() -> BaseDatabaseWrapper:
    """Not from the pool, which may be as small as one."""
    own = connection.copy()
    own.settings_dict["OPTIONS"].pop("pool", None)
    return own


def _try_lock(own: BaseDatabaseWrapper) -> bool:
    with own.cursor() as cursor:
        cursor.execute(TRY_LOCK, [LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])


if __name__ == "__main__":
    main()
