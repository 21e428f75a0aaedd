"""`make check` rejects migrations that would block the dashboard or break the previous release."""

from pathlib import Path

import pytest
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    Migration,
    RemoveField,
    RunPython,
    RunSQL,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import CheckConstraint, Index, Q, TextField

from project.local.migrations_linter import lint, migrations, sql_of

LIMITED = RunSQL("SET LOCAL lock_timeout = '1500ms'")
OWNER = AddField("job", "owner", TextField(null=True))


def findings(folder: Path, *operations: Operation) -> int:
    next_migration = type("Migration", (Migration,), {"operations": list(operations)})
    file = folder / "0099_next.sql"
    file.write_text(
        sql_of(next_migration("0099_next", "jobs"), MigrationLoader(None).project_state())
    )
    return lint([file])


@pytest.mark.parametrize(
    ("rule", "operation"),
    [
        ("require-concurrent-index-creation", AddIndex("job", Index(fields=["name"], name="x"))),
        ("changing-column-type", AlterField("job", "created_at", TextField())),
        ("ban-drop-default", AddField("job", "owner", TextField(default=""))),
        (
            "constraint-missing-not-valid",
            AddConstraint("job", CheckConstraint(name="x", condition=~Q(name="100%"))),
        ),
        ("ban-drop-column", RemoveField("jobstatus", "undoes")),
        ("adding-not-nullable-field", RunSQL("ALTER TABLE job_event ALTER undoes SET NOT NULL")),
        (
            "SET EXPRESSION",
            RunSQL("ALTER TABLE job ALTER name_key SET EXPRESSION AS (lower(name))"),
        ),
    ],
)
def test_rejects_long_locks_and_incompatible_changes(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], rule: str, operation: Operation
) -> None:
    assert findings(tmp_path, LIMITED, operation) == 1
    assert rule in capfd.readouterr().out


def test_rejects_waiting_for_a_lock_without_a_limit(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert findings(tmp_path, OWNER) == 1
    assert "require-lock-timeout" in capfd.readouterr().out


def test_accepts_what_blocks_nobody_and_what_says_that_it_is_meant(tmp_path: Path) -> None:
    assert findings(tmp_path, LIMITED, OWNER, RunPython(RunPython.noop)) == 0
    meant = RunSQL("-- squawk-ignore-file ban-drop-column")
    assert findings(tmp_path, meant, LIMITED, RemoveField("jobstatus", "undoes")) == 0


def test_the_present_migrations_pass(tmp_path: Path) -> None:
    found = dict(migrations())
    assert "0016_append_only_history" in found
    for name, sql in found.items():
        file = tmp_path / f"{name}.sql"
        file.write_text(sql)
        assert lint([file]) == 0
