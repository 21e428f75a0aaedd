"""`manage.py trim_audit`: delete the entries of the audit log that are older than AUDIT_DAYS."""

from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand

from jobs.audit.trimming import trim

# Each batch is a transaction of its own.
BATCH: Final = 10_000


class Command(BaseCommand):
    help = "Delete the entries of the audit log that are older than AUDIT_DAYS, in batches."

    def handle(self, **options: Any) -> None:
        total = 0
        while removed := trim(BATCH):
            total += removed
        days = f"older than {settings.AUDIT_DAYS:,} days"
        self.stdout.write(
            f"Deleted {total:,} entries {days}."
            if settings.AUDIT_DAYS
            else "AUDIT_DAYS is 0: entries are kept."
        )
