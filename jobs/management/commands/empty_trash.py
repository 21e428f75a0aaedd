"""`manage.py empty_trash`: delete for good what has been in the trash for TRASH_DAYS."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from jobs.trash.emptying import empty_all, empty_expired

# Each batch is a transaction of its own: an interrupted run has deleted what it has reported.
BATCH: Final = 1_000


class Command(BaseCommand):
    help = "Delete the expired jobs in the trash for good, in batches."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also those that have not expired")

    def handle(self, *, all: bool, **options: Any) -> None:  # noqa: A002  # the option's name
        empty = empty_all if all else empty_expired
        total = 0
        while deleted := empty(BATCH):
            total += deleted
            if deleted == BATCH:
                self.stdout.write(f"{total:,} so far.")
        which = (
            "jobs" if all else f"jobs that were deleted {settings.TRASH_DAYS} days ago or earlier"
        )
        self.stdout.write(f"Emptied the trash of {total:,} {which}.")
