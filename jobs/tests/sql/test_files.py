"""jobs/sql has the live text of each function, view and trigger, and everything in the database has a comment."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from jobs.sql.operations import FOLDER, ReplaceFunction, RunFile, text_of, version_of
from jobs.tests.factories import database_rows
from jobs.tests.sql.catalog import definitions

pytestmark = pytest.mark.django_db

COMMENTS, VIEW = "comments", "job_counts"
NAMES = sorted(file.stem for file in FOLDER.glob("*.sql"))
DEFINING = [name for name in NAMES if name != COMMENTS]


def test_each_function_and_view_has_a_file() -> None:
    found = definitions(database_rows).names("function")
    assert found | {VIEW} == set(DEFINING)


@pytest.mark.parametrize("name", DEFINING)
def test_the_live_definition_is_that_of_the_file(name: str) -> None:
    """Created anew beside the live one; triggers that the file does not create still call that."""
    live = definitions(database_rows)
    kind = "VIEW" if name == VIEW else "FUNCTION"
    database_rows(f"ALTER {kind} {name} RENAME TO former")
    database_rows((FOLDER / f"{name}.sql").read_text())
    if kind == "VIEW":
        database_rows("DROP VIEW former")
    created = {
        key: found for key, found in definitions(database_rows).items() if "former" not in key
    }
    if name == "job_name_key":  # the column calls the former one
        created["column job.name_key"] = live["column job.name_key"]
    assert created == live


def test_the_live_comments_are_those_of_the_file() -> None:
    live = definitions(database_rows)
    with connection.cursor() as cursor:
        for kind, name in (key.split(" ", 1) for key in live if live[key][1]):
            if kind == "column" and not name.startswith(VIEW):
                cursor.execute(f"COMMENT ON COLUMN {name} IS 'other'")
    database_rows((FOLDER / f"{COMMENTS}.sql").read_text())
    assert definitions(database_rows) == live


def test_everything_has_a_comment() -> None:
    """Except primary keys, sequences and constraints, which say what they are."""
    found = definitions(database_rows).without_comment("relation", "column", "function", "trigger")
    assert {key for key in found if not key.endswith(("_pkey", "_seq"))} == set()


@pytest.mark.parametrize("name", DEFINING)
def test_each_file_begins_with_a_comment(name: str) -> None:
    assert (FOLDER / f"{name}.sql").read_text().startswith("-- ")


def test_each_version_that_a_migration_runs_is_kept() -> None:
    migrations = MigrationLoader(None, replace_migrations=False).disk_migrations.values()
    files = [
        found for each in migrations for found in each.operations if isinstance(found, RunFile)
    ]
    assert {file.name for file in files} == set(NAMES)
    for file in files:
        assert text_of(file.name, file.version)
        if isinstance(file, ReplaceFunction):
            assert text_of(file.name, file.before) != text_of(file.name, file.version)


def test_an_edited_text_is_not_run_in_place_of_the_one_that_was_meant() -> None:
    text = text_of("job_count_fold", version_of((FOLDER / "job_count_fold.sql").read_text()))
    with pytest.raises(LookupError, match="previous"):
        text_of("job_count_fold", version_of(text.replace("5000", "6000")))


def test_the_head_of_a_file_is_not_part_of_its_version() -> None:
    text = (FOLDER / "job_count_fold.sql").read_text()
    assert version_of(f"-- Reworded.\n{text}") == version_of(text)
