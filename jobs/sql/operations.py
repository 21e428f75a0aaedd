"""Migration operations that run the SQL files in this folder.

NAME.sql is the current text of the database function NAME, with its triggers and comments. A migration refers to a text
by its version, a hash, so that it runs the same SQL for as long as it exists: before NAME.sql is edited, the text that
a migration has run is copied to previous/NAME@NNNN.sql, where NNNN is the number of that migration.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from time import sleep
from typing import Any, Final

from django.db import OperationalError
from django.db.migrations.operations.base import Operation
from django.db.transaction import atomic

FOLDER: Final = Path(__file__).parent
# Longer than deadlock_timeout, after which a waiting session cancels autovacuum; shorter than twice that, so that in a
# deadlock this session gives up, and not the one that it blocks.
LOCK_TIMEOUT: Final = "SET LOCAL lock_timeout = '1500ms'"
RETRY_SECONDS: Final = 1
LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED = "55P03", "40P01"


def version_of(text: str) -> str:
    """Of the SQL: the comment at the head of a file can be edited."""
    return sha256(re.sub(r"\A(--.*\n|\n)*", "", text).encode()).hexdigest()[:12]


def text_of(name: str, version: str) -> str:
    """The text of the file, current or previous, that has this version. Raises LookupError if there is none."""
    files = [FOLDER / f"{name}.sql", *sorted((FOLDER / "previous").glob(f"{name}@*.sql"))]
    texts = {
        version_of(text): text for file in files if file.exists() for text in [file.read_text()]
    }
    if version not in texts:
        raise LookupError(
            f"No text of {name} has the version {version}, only {', '.join(texts) or 'none'}."
            " The text that a migration has run belongs in jobs/sql/previous/."
        )
    return texts[version]


class RunFile(Operation):
    """Runs one version of a file, which can be run any number of times. Its reverse does nothing.

    Waits for locks for a short time, since others queue behind it, and then tries again. In a migration that is not
    atomic, each file is a transaction of its own.
    """

    reversible = True

    def __init__(self, name: str, version: str) -> None:
        self.name = name
        self.version = version

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The files define nothing that Django models."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        _run(schema_editor, text_of(self.name, self.version))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        pass

    def describe(self) -> str:
        return f"Runs jobs/sql/{self.name}.sql"


class CreateFunction(RunFile):
    """Runs a file that defines a new function. Its reverse drops the function and its triggers."""

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        _run(schema_editor, f"DROP FUNCTION {self.name} CASCADE")


class ReplaceFunction(RunFile):
    """Runs a file that replaces a function. Its reverse runs the version `before`."""

    def __init__(self, name: str, version: str, before: str) -> None:
        super().__init__(name, version)
        self.before = before

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        _run(schema_editor, text_of(self.name, self.before))


def _run(schema_editor: Any, sql: str) -> None:
    if schema_editor.collect_sql:
        schema_editor.execute(LOCK_TIMEOUT)
        schema_editor.execute(sql, params=None)
        return
    connection = schema_editor.connection
    while True:
        try:
            with atomic(connection.alias), connection.cursor() as cursor:
                cursor.execute(LOCK_TIMEOUT)
                cursor.execute(sql)
            return
        except OperationalError as error:
            sqlstate = getattr(error.__cause__, "sqlstate", None)
            if sqlstate not in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED):
                raise
            sleep(RETRY_SECONDS)
