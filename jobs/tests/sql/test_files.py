"""jobs/sql has the live text of each function, view and trigger, and everything in the database has a comment."""

import pytest
from django.db.migrations.loader import MigrationLoader

from jobs.sql.operations import FOLDER, DropFunction, ReplaceFunction, RunFile, text_of, version_of
from jobs.tests.factories import database_rows
from jobs.tests.sql.catalog import definitions
from jobs.tests.sql.files import run_file

pytestmark = pytest.mark.django_db

COMMENTS, VIEW = "comments", "job_counts"
NAMES = sorted(file.stem for file in FOLDER.glob("*.sql"))
ALL_COMMENTS = [name for name in NAMES if name.endswith(COMMENTS)]
TRIGGERS = [name for name in NAMES if name.endswith("_triggers")]
DEFINING = [name for name in NAMES if name not in (*ALL_COMMENTS, *TRIGGERS)]


def test_each_function_and_view_has_a_file() -> None:
    found = definitions(database_rows).names("function")
    assert found | {VIEW} == set(DEFINING)


@pytest.mark.parametrize("name", DEFINING)
def test_the_live_definition_is_that_of_the_file(name: str) -> None:
    """Created anew beside the live one, to which triggers and columns still refer."""
    live = definitions(database_rows)
    kind = "VIEW" if name == VIEW else "FUNCTION"
    database_rows(f"ALTER {kind} {name} RENAME TO former")
    run_file(name)
    run_file(COMMENTS)  # on the view and on job_name_key
    database_rows("DROP VIEW IF EXISTS former")
    created = {
        key: (text.replace("former(", f"{name}("), comment)
        for key, (text, comment) in definitions(database_rows).items()
        if key != "function former"
    }
    assert created == live


def test_the_live_triggers_are_those_of_the_files() -> None:
    live = definitions(database_rows)
    for trigger in live.names("trigger"):
        table, _, name = trigger.partition(".")
        database_rows(f"DROP TRIGGER {name} ON {table}")
    for name in (*TRIGGERS, COMMENTS):
        run_file(name)
    assert definitions(database_rows) == live


def test_the_live_comments_are_those_of_the_file() -> None:
    live = definitions(database_rows)
    for kind, name in (key.split(" ", 1) for key in live if live[key][1]):
        if kind == "column":
            database_rows(f"COMMENT ON COLUMN {name} IS 'other'")
        elif kind == "trigger":
            table, _, trigger = name.partition(".")
            database_rows(f"COMMENT ON TRIGGER {trigger} ON {table} IS 'other'")
    for name in ALL_COMMENTS:
        run_file(name)
    assert definitions(database_rows) == live


def test_everything_has_a_comment() -> None:
    """Except primary keys, sequences and constraints, which say what they are."""
    found = definitions(database_rows).without_comment("relation", "column", "function", "trigger")
    assert {key for key in found if not key.endswith(("_pkey", "_seq"))} == set()


@pytest.mark.parametrize("name", NAMES)
def test_each_file_begins_with_a_comment(name: str) -> None:
    assert (FOLDER / f"{name}.sql").read_text(encoding="utf-8").startswith("-- ")


def test_each_version_that_a_migration_runs_is_kept() -> None:
    migrations = MigrationLoader(None, replace_migrations=False).disk_migrations.values()
    files = [
        found for each in migrations for found in each.operations if isinstance(found, RunFile)
    ]
    dropped = {file.name for file in files if isinstance(file, DropFunction)}
    assert {file.name for file in files} - dropped == set(NAMES)
    for file in files:
        assert text_of(file.name, file.version)
        if isinstance(file, ReplaceFunction):
            assert text_of(file.name, file.before) != text_of(file.name, file.version)


def test_an_edited_text_is_not_run_in_place_of_the_one_that_was_meant() -> None:
    text = text_of(
        "job_count_fold", version_of((FOLDER / "job_count_fold.sql").read_text(encoding="utf-8"))
    )
    with pytest.raises(LookupError, match="previous"):
        text_of("job_count_fold", version_of(text.replace("5000", "6000")))


def test_the_head_of_a_file_is_not_part_of_its_version() -> None:
    text = (FOLDER / "job_count_fold.sql").read_text(encoding="utf-8")
    assert version_of(f"-- Reworded.\n{text}") == version_of(text)
