"""`manage.py retention`: what the rules of RETENTION would delete now, or, with `--run`, the operations that delete it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobs.operations.retention import apply, dry_run, rules
from jobs.operations.selection import number_of


class Command(BaseCommand):
    help = "Show what the rules of RETENTION would delete now; nothing is changed without --run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--run", action="store_true", help="begin the operations")

    def handle(self, *, run: bool, **options: Any) -> None:
        if not rules():
            self.stdout.write("RETENTION has no rules: nothing is deleted.")
        elif run:
            try:
                begun = apply()
            except OSError as error:
                raise CommandError(f"The archive was not written: {error}") from error
            for operation in begun:
                self.stdout.write(f"Operation {operation.id} has begun: {operation.q}")
        else:
            for _, selection, found in dry_run():
                at_least = "at least " if found.total.relation == "at_least" else ""
                query = str(selection.job_filter.q)
                self.stdout.write(f"{query}: {at_least}{number_of(found.total.value, '')}")
                for job in found.sample:
                    self.stdout.write(f"  {job.id} {job.name} ({job.updated_at})")
