"""`python -m project.migrate`: brings the tables up to date, one process at a time.

Several nodes may start together; Django's own `migrate` does not keep them apart.
"""

import os
import time

import django
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

LOCK = 7_001_001
POLL_SECONDS = 0.5


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    with connection.cursor() as cursor:
        # Asked repeatedly, not waited for: a waiting statement holds a snapshot, for which
        # CREATE INDEX CONCURRENTLY in the other process would wait in turn, for ever.
        while not _try_lock(cursor):
            time.sleep(POLL_SECONDS)
        call_command("migrate", interactive=False, verbosity=1)


def _try_lock(cursor: CursorWrapper) -> bool:
    cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
    row = cursor.fetchone()
    return bool(row and row[0])


if __name__ == "__main__":
    main()
