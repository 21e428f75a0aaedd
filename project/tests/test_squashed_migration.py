"""A new database gets the squashed migration; one of the previous release goes on, and reaches the same schema."""

import subprocess
from pathlib import Path
from typing import Any

import psycopg

from jobs.tests.sql.catalog import definitions
from project.local.paths import ROOT
from project.tests.database_server import Database, database
from project.tests.previous_release import unpack
from project.tests.releases import command

SQUASHED = "0001_squashed_0016_append_only_history"
CREATE = """
WITH made AS (
    INSERT INTO job (name, current_status, created_at, updated_at)
    SELECT 'Wing ' || number, 'PENDING', now(), now() FROM generate_series(1, 300) AS number RETURNING id, created_at
)
INSERT INTO job_status (job_id, status_type, timestamp) SELECT id, 'PENDING', created_at FROM made
"""
CHANGE = """
WITH changed AS (UPDATE job SET current_status = 'RUNNING', updated_at = clock_timestamp() WHERE id % 3 = 0 RETURNING *)
INSERT INTO job_status (job_id, status_type, timestamp) SELECT id, 'RUNNING', updated_at FROM changed
"""
DATA = (
    "SELECT id, name, current_status, created_at, updated_at FROM job ORDER BY id",
    "SELECT id, job_id, status_type, timestamp, undoes FROM job_status ORDER BY id",
    "SELECT turn, id, at, type, job_id, name, status_type, status_id, undoes FROM job_event ORDER BY turn, id",
    "SELECT status, n FROM job_counts ORDER BY status",
    "SELECT minute, status, sum(n) FROM job_activity GROUP BY 1, 2 ORDER BY 1, 2",
)


def dump(database: Database, name: str) -> list[str]:
    """The whole schema, without the random word that encloses it."""
    words = [
        "--host",
        str(database.cluster.socket_folder),
        "--username",
        "jobs",
        "--schema-only",
        name,
    ]
    done = subprocess.run(
        [database.cluster.binaries / "pg_dump", *words], capture_output=True, text=True, check=True
    )
    return [line for line in done.stdout.splitlines() if "restrict " not in line]


def test_a_database_of_the_previous_release_reaches_the_schema_of_a_new_one(tmp_path: Path) -> None:
    unpack(tmp_path)
    with database("squashed") as new:
        previous = new.cluster.application_url("previous")
        command(tmp_path, "-m", "project.migrate", DATABASE_URL=previous)
        with psycopg.connect(previous, autocommit=True) as old, psycopg.connect(new.url) as fresh:

            def rows(sql: str) -> list[tuple[Any, ...]]:
                return old.execute(sql).fetchall()

            old.execute(CREATE)
            old.execute(CHANGE)
            before = [rows(sql) for sql in DATA]
            command(ROOT, "-m", "project.migrate", DATABASE_URL=previous)
            assert [rows(sql) for sql in DATA] == before
            assert definitions(rows) == definitions(lambda sql: fresh.execute(sql).fetchall())
            applied = "SELECT name FROM django_migrations ORDER BY name"
            assert rows(applied) == fresh.execute(applied).fetchall()
            assert (SQUASHED,) in rows(applied)
            assert dump(new, "previous") == dump(new, "jobs")
            output = command(ROOT, "-m", "project.migrate", DATABASE_URL=previous)
            assert "No migrations to apply" in output
