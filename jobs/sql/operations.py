"""Migration operations that run the SQL files in this folder.

NAME.sql is the current text of the database function or view NAME; NAME_triggers.sql creates triggers, and comments.sql
has the comments on everything that is not a function. A migration refers to a text by its version, a hash, so that it
runs the same SQL for as long as it exists: before NAME.sql is edited, the text that a migration has run is copied to
previous/NAME@NNNN.sql, where NNNN is the number of that migration.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.db.migrations.operations.base import Operation

from jobs.sql.running import run

FOLDER: Final = Path(__file__).parent


def version_of(text: str) -> str:
    """Of the SQL: the comment at the head of a file can be edited."""
    return sha256(re.sub(r"\A(--.*\n|\n)*", "", text).encode()).hexdigest()[:12]


def text_of(name: str, version: str) -> str:
    """The text of the file, current or previous, that has this version. Raises LookupError if there is none."""
    files = [FOLDER / f"{name}.sql", *sorted((FOLDER / "previous").glob(f"{name}@*.sql"))]
    texts = {
        version_of(text): text
        for file in files
        if file.exists()
        for text in [file.read_text(encoding="utf-8")]
    }
    if version not in texts:
        raise LookupError(
            f"No text of {name} has the version {version}, only {', '.join(texts) or 'none'}."
            " The text that a migration has run belongs in jobs/sql/previous/."
        )
    return texts[version]


class RunFile(Operation):
    """Runs one version of a file, which can be run any number of times. Its reverse does nothing.

    Use it in a migration that is not atomic: each file is then a transaction of its own, which waits for locks for a
    short time, since others queue behind it, and is tried again later.
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
        run(schema_editor, self.name, text_of(self.name, self.version))

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
        run(schema_editor, self.name, f"DROP FUNCTION {self.name} CASCADE")


class ReplaceFunction(RunFile):
    """Runs a file that replaces a function. Its reverse runs the version `before`."""

    def __init__(self, name: str, version: str, before: str) -> None:
        super().__init__(name, version)
        self.before = before

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        run(schema_editor, self.name, text_of(self.name, self.before))


class DropFunction(RunFile):
    """Drops a function. Its reverse runs the version that was the last one."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        run(schema_editor, self.name, f"DROP FUNCTION {self.name}")

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Drops {self.name}"
