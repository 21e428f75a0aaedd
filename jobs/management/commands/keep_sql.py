"""`manage.py keep_sql`: prepare and write the migration operation that runs an edited file of jobs/sql."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.migrations.loader import MigrationLoader

from jobs.sql import operations
from jobs.sql.operations import RunFile, text_of, version_of


class Command(BaseCommand):
    help = (
        "Before a file of jobs/sql is edited, copies the text that a migration has run to jobs/sql/previous. Afterwards,"
        " prints the operation that runs the new text."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="a file's name without .sql: job_event_track")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        file = operations.FOLDER / f"{name}.sql"
        if not file.exists():
            raise CommandError(f"There is no jobs/sql/{name}.sql.")
        migration, last = last_run(name)
        text = file.read_text(encoding="utf-8")
        version = version_of(text)
        if version == last:
            copy = Path("previous", f"{name}@{migration[:4]}.sql")
            (operations.FOLDER / copy).write_text(text, encoding="utf-8")
            self.stdout.write(f"Copied to jobs/sql/{copy}. Now edit jobs/sql/{name}.sql.")
            return
        try:
            text_of(name, last)
        except LookupError:
            raise CommandError(
                f"jobs/sql/{name}.sql was edited before the text that {migration} runs was copied. Restore it, and run this"
                " command before you edit it."
            ) from None
        replaces = f'ReplaceFunction("{name}", "{version}", before="{last}")'
        runs = f'RunFile("{name}", "{version}")'
        is_function = "CREATE OR REPLACE FUNCTION" in text
        self.stdout.write(
            f"In a migration with atomic = False: {replaces if is_function else runs}"
        )


def last_run(name: str) -> tuple[str, str]:
    """The last migration that runs the file, and the version that it runs. Raises CommandError if there is none."""
    loader = MigrationLoader(None, replace_migrations=False)
    runs = [
        (migration, operation.version)
        for (app, migration), found in sorted(loader.disk_migrations.items())
        if app == "jobs" and not found.replaces
        for operation in found.operations
        if isinstance(operation, RunFile) and operation.name == name
    ]
    if not runs:
        raise CommandError(f"No migration runs jobs/sql/{name}.sql yet.")
    return runs[-1]
