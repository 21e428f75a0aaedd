"""Free disk space, as reported by the database server, whose disk it is."""

import re
from shutil import disk_usage
from typing import Final

from django.db import OperationalError, ProgrammingError, connection, transaction

GIGABYTE: Final = 1_000_000_000
# Measured: 930 with its history and all indexes, 183 for the event of its creation.
BYTES_PER_JOB: Final = 1_200
LOG_BYTES_PER_JOB: Final = 2_000
# max_wal_size (4 GB), and how far a busy checkpoint may exceed it.
LARGEST_LOG: Final = 6 * GIGABYTE
SPARE: Final = GIGABYTE // 2


class InsufficientSpace(Exception):
    """The message is for the user."""


def bytes_needed(jobs: int) -> int:
    return jobs * BYTES_PER_JOB + min(jobs * LOG_BYTES_PER_JOB, LARGEST_LOG) + SPARE


def require_space(jobs: int) -> None:
    """Raises InsufficientSpace if the jobs would not fit. If the free space is unknown, they are assumed to fit."""
    free, needed = _free_bytes(), bytes_needed(jobs)
    if free is not None and free < needed:
        raise InsufficientSpace(
            f"{jobs:,} jobs need about {needed / GIGABYTE:.1f} GB on the database's disk; "
            f"{free / GIGABYTE:.1f} GB are free there. Free some space, or measure fewer jobs."
        )


def _free_bytes() -> int | None:
    """The output of `df` in the server's data directory, which is the working directory of its programs."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE disk (line text) ON COMMIT DROP")
            cursor.execute("COPY disk FROM PROGRAM 'df -Pk .'")
            cursor.execute("SELECT line FROM disk")
            return available_in(" ".join(line for (line,) in cursor.fetchall()))
    except (ProgrammingError, OperationalError):  # not a superuser, or no such program
        # A server on this machine has its data next to its socket.
        folder = str(connection.settings_dict["HOST"])
        return disk_usage(folder).free if folder.startswith("/") else None


def available_in(output: str) -> int | None:
    """Bytes, from `df -Pk`: the KiB before the capacity in `%`. Names of disks and folders may contain anything."""
    found = re.search(r"(\d+) +\d+% ", output)
    return int(found[1]) * 1024 if found else None
