"""`python -m project.local.migrations_linter`: checks the SQL of migrations for long locks and incompatible changes.

squawk knows most rules, which https://squawkhq.com/docs/rules explains; migrations_rules.py has the rest. A migration that has
to break one of squawk's says so: `migrations.RunSQL("-- squawk-ignore-file ban-drop-table")`. What RunPython does is not
checked. Needs no database.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import django
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations import Migration, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader
from psycopg.sql import Literal

from project.local.migrations_rules import findings

# Earlier migrations were released before there was this check. The squashed one runs in empty databases only.
FIRST_CHECKED: Final = "0016"
PG_VERSION: Final = 180_000
# A migration may take its time, as long as it does not make others wait. The rest are matters of style.
NOT_CHECKED: Final = (
    "require-statement-timeout",
    "prefer-robust-stmts",
    "prefer-text-field",
    "prefer-bigint-over-int",
)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    with TemporaryDirectory() as folder:
        files = []
        for name, sql in migrations():
            files.append(Path(folder, f"{name}.sql"))
            files[-1].write_text(sql, encoding="utf-8")
        return lint(files)


def lint(files: list[Path]) -> int:
    """Prints what is wrong with these SQL files; returns 0 if nothing is."""
    squawk = Path(sys.executable).with_name("squawk")
    words: list[str | Path] = [
        squawk,
        f"--pg-version={PG_VERSION // 10_000}",
        f"--exclude={','.join(NOT_CHECKED)}",
        *files,
    ]
    failed = bool(files) and subprocess.run(words, check=False).returncode != 0
    for file in files:
        for finding in findings(file.read_text(encoding="utf-8")):
            failed = True
            print(f"{file.name}: {finding}")
    return int(failed)


def migrations() -> Iterator[tuple[str, str]]:
    """The name and the SQL of each migration to check."""
    loader = MigrationLoader(None, replace_migrations=False)
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app == "jobs" and name >= FIRST_CHECKED and not migration.replaces:
            yield name, sql_of(migration, loader.project_state((app, name), at_end=False))


def sql_of(migration: Migration, state: Any) -> str:
    """As `manage.py sqlmigrate`, but without a connection."""
    connection: Any = connections.create_connection(DEFAULT_DB_ALIAS)
    connection.pg_version = PG_VERSION
    connection.ops.compose_sql = _compose
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        for operation in migration.operations:
            before = state.clone()
            operation.state_forwards(migration.app_label, state)
            if isinstance(operation, SeparateDatabaseAndState):
                parts = operation.database_operations
            else:
                parts = [operation]
            for part in parts:
                if part.reduces_to_sql:
                    part.database_forwards(migration.app_label, editor, before, state)
    # Django adds a semicolon to a comment, which squawk would take for a part of it.
    statements = re.sub(r"(?m)^(--.*);$", r"\1", "\n".join(editor.collected_sql))
    return f"BEGIN;\n{statements}\nCOMMIT;\n" if migration.atomic else f"{statements}\n"


def _compose(sql: str, params: Any) -> str:
    return sql % tuple(Literal(value).as_string() for value in params or ())


if __name__ == "__main__":
    sys.exit(main())
