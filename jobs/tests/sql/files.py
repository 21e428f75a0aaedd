"""Runs a file as a migration does."""

from django.db import connection

from jobs.sql.operations import FOLDER, RunFile, version_of


def current(name: str) -> RunFile:
    """The operation that runs the current text."""
    return RunFile(name, version_of((FOLDER / f"{name}.sql").read_text(encoding="utf-8")))


def run_file(name: str) -> None:
    with connection.schema_editor(atomic=False) as editor:
        current(name).database_forwards("jobs", editor, None, None)
