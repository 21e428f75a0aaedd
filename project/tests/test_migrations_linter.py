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
            "rewrites-table",
            RunSQL("ALTER TABLE job ALTER name_key SET EXPRESSION AS (lower(name))"),
        ),
        ("rewrites-table", RunSQL("ALTER TABLE job SET UNLOGGED")),
        ("rewrites-table", RunSQL("CLUSTER job USING job_by_name")),
        ("rewrites-table", RunSQL("VACUUM (FULL) job")),
        ("reads-table", RunSQL('ALTER TABLE job ADD "size" numeric(9, 2) CHECK (size > 0)')),
        ("reads-table", RunSQL("ALTER TABLE job ATTACH PARTITION old DEFAULT")),
        ("locks-table", RunSQL("LOCK TABLE job IN SHARE MODE")),
        ("locks-table", RunSQL("TRUNCATE job_activity")),
        ("changes-rows", RunSQL("UPDATE job SET labels = '{}'")),
        ("changes-rows", RunSQL("WITH old AS (SELECT 1) DELETE FROM job USING old")),
        ("removes-behavior", RunSQL("DROP TRIGGER job_event_update ON job")),
        ("removes-behavior", RunSQL("ALTER TABLE job DISABLE TRIGGER ALL")),
        ("long-lock-timeout", RunSQL("SET LOCAL lock_timeout = '1min'")),
        ("long-lock-timeout", RunSQL("SET lock_timeout TO 0")),
        (
            "reads-under-lock",
            RunSQL("ALTER TABLE job ADD note text; INSERT INTO note (id) SELECT id FROM job"),
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
    meant = RunSQL("-- linter-ignore changes-rows\nUPDATE job_feed_era SET era = 1")
    assert findings(tmp_path, meant) == 0


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE job ADD note text, ADD CONSTRAINT x CHECK (note <> '') NOT VALID",
        "COMMENT ON TABLE job IS 'Rows; UPDATE and LOCK TABLE are not for users. TRUNCATE'",
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ UPDATE job SET name = ''; TRUNCATE job $$",
        "CREATE TABLE note (id bigint); ALTER TABLE note ADD text text; INSERT INTO note SELECT id FROM job",
        'ALTER TABLE job ADD "note;TRUNCATE job" text',
        "/* LOCK job; */ SELECT 1 -- one; TRUNCATE job\n + 1",
        "ALTER TABLE job VALIDATE CONSTRAINT x; ALTER TABLE job VALIDATE CONSTRAINT y",
    ],
)
def test_accepts_brief_locks_and_words_that_are_not_run(tmp_path: Path, sql: str) -> None:
    assert findings(tmp_path, LIMITED, RunSQL(sql)) == 0


def test_locks_do_not_outlast_their_transaction(tmp_path: Path) -> None:
    file = tmp_path / "0099_next.sql"
    validated = "ALTER TABLE job VALIDATE CONSTRAINT job_labels_few;\n"
    file.write_text(f"BEGIN;\n{LIMITED.sql};\nALTER TABLE job ADD note text;\nCOMMIT;\n{validated}")
    assert lint([file]) == 0


def test_the_present_migrations_pass(tmp_path: Path) -> None:
    found = dict(migrations())
    assert "0016_append_only_history" in found
    for name, sql in found.items():
        file = tmp_path / f"{name}.sql"
        file.write_text(sql)
        assert lint([file]) == 0
