"""Room on the disk. Rule: the one that counts is the database server's, so the server is asked."""

import re
from shutil import disk_usage
from typing import Final

from django.db import OperationalError, ProgrammingError, connection, transaction

GIGABYTE: Final = 1_000_000_000
BYTES_PER_JOB: Final = (
    1_200  # measured: 930 with its history and all indexes, 183 for the event of its creation
)
LOG_BYTES_PER_JOB: Final = 2_000
LARGEST_LOG: Final = 6 * GIGABYTE  # max_wal_size, and what a busy checkpoint lets it exceed that by
SPARE: Final = GIGABYTE // 2


class NoRoom(Exception):
    """Its text is for the user."""


def bytes_needed(jobs: int) -> int:
    return jobs * BYTES_PER_JOB + min(jobs * LOG_BYTES_PER_JOB, LARGEST_LOG) + SPARE


def require_room(jobs: int) -> None:
    """Raises NoRoom where so many jobs would not fit. A server that does not tell is trusted."""
    free, needed = _free_bytes(), bytes_needed(jobs)
    if free is not None and free < needed:
        raise NoRoom(
            f"{jobs:,} jobs need about {needed / GIGABYTE:.1f} GB on the database's disk; "
            f"{free / GIGABYTE:.1f} GB are free there. Make room, or ask for fewer jobs."
        )


def _free_bytes() -> int | None:
    """What `df` says in the server's data folder, which is where a server runs programs."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE disk (line text) ON COMMIT DROP")
            cursor.execute("COPY disk FROM PROGRAM 'df -Pk .'")
            cursor.execute("SELECT line FROM disk")
            return available_in(" ".join(line for (line,) in cursor.fetchall()))
    except (ProgrammingError, OperationalError):  # not a superuser, or there is no such program
        # A server on this machine has its data beside its socket.
        folder = str(connection.settings_dict["HOST"])
        return disk_usage(folder).free if folder.startswith("/") else None


def available_in(answer: str) -> int | None:
    """Bytes, from `df -Pk`: KiB, before the capacity's `%`. Names of disks and folders may hold anything."""
    found = re.search(r"(\d+) +\d+% ", answer)
    return int(found[1]) * 1024 if found else None
