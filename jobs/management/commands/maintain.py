"""`manage.py maintain`: once, what a worker does every five minutes."""

from typing import Any

from django.core.management.base import BaseCommand

from jobs.operations.maintenance import maintain


class Command(BaseCommand):
    help = "Compacts the counters, and deletes expired events, records, operations and tasks."

    def handle(self, **options: Any) -> None:
        for name, rows in maintain().items():
            self.stdout.write(f"{name}: {rows:,} rows removed")
