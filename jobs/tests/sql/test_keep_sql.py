"""`manage.py keep_sql` keeps what a migration has run, and writes the operation for what comes after it."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from jobs.sql import operations
from jobs.sql.operations import text_of, version_of

NAME = "job_count_fold"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "sql"
    shutil.copytree(operations.FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setattr(operations, "FOLDER", copy)
    return copy


def keep_sql(name: str) -> str:
    output = StringIO()
    call_command("keep_sql", name, stdout=output)
    return output.getvalue()


def edit(folder: Path, name: str) -> str:
    """Changes the file; returns its new version."""
    file = folder / f"{name}.sql"
    text = f"{file.read_text()}SELECT 1;\n"
    file.write_text(text)
    return version_of(text)


def test_an_edited_function_replaces_the_kept_one(folder: Path) -> None:
    before = version_of((folder / f"{NAME}.sql").read_text())
    assert f"Copied to jobs/sql/previous/{NAME}@0016.sql" in keep_sql(NAME)
    version = edit(folder, NAME)
    operation = f'ReplaceFunction("{NAME}", "{version}", before="{before}")'
    assert operation in keep_sql(NAME)
    assert version_of(text_of(NAME, before)) == before


def test_comments_are_run_again(folder: Path) -> None:
    keep_sql("comments")
    version = edit(folder, "comments")
    assert f'RunFile("comments", "{version}")' in keep_sql("comments")


def test_a_text_that_would_be_lost_is_refused(folder: Path) -> None:
    edit(folder, NAME)
    with pytest.raises(CommandError, match="edited before the text that 0016_append_only_history"):
        keep_sql(NAME)
    assert not list((folder / "previous").glob(f"{NAME}@0016.sql"))


@pytest.mark.parametrize(
    ("name", "message"), [("nothing", "no jobs/sql/nothing.sql"), ("new", "No migration runs")]
)
def test_an_unknown_file_is_refused(folder: Path, name: str, message: str) -> None:
    (folder / "new.sql").write_text("-- New.\n")
    with pytest.raises(CommandError, match=message):
        keep_sql(name)
