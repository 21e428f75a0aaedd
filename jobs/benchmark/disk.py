"""Free disk space for the jobs, if the database server runs on this machine."""

from shutil import disk_usage
from typing import Final

from django.db import connection

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
    """A server on this machine has its data next to its socket."""
    folder = str(connection.settings_dict["HOST"])
    return disk_usage(folder).free if folder.startswith("/") else None
