"""Database functions work with any search_path, so that dumps can be restored, completely or data-only."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from jobs.tests.factories import database_rows
from project.tests.database_server import Database, database
from project.tests.test_restored_data import EMPTIED, RESTORED


@pytest.mark.django_db
def test_every_function_has_a_fixed_search_path() -> None:
    loose = database_rows(
        "SELECT proname FROM pg_proc JOIN pg_language AS language ON language.oid = prolang"
        " WHERE pronamespace = current_schema()::regnamespace AND lanname = 'plpgsql'"
        " AND proname NOT LIKE 'procrastinate%'"  # they name the schema of each table
        " AND 'search_path=' || current_schema() || ', pg_temp' <> ALL (coalesce(proconfig, '{}'))"
    )
    assert loose == []


@pytest.mark.django_db
def test_every_sql_function_is_bound_at_creation() -> None:
    """Its body is parsed at creation, so it needs no search_path setting, which would prevent inlining."""
    loose = database_rows(
        "SELECT proname FROM pg_proc JOIN pg_language AS language ON language.oid = prolang"
        " WHERE pronamespace = current_schema()::regnamespace AND lanname = 'sql' AND prosqlbody IS NULL"
    )
    assert loose == []


@pytest.fixture(scope="module")
def own() -> Iterator[Database]:
    with database("dump") as own:
        yield own


def run(own: Database, program: str, *words: str) -> None:
    host = str(own.cluster.socket_folder)
    done = subprocess.run(
        [own.cluster.binaries / program, "--host", host, "--username", "jobs", *words],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
        check=False,
    )
    assert done.returncode == 0, done.stderr


def rows(url: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT id, name, current_status, updated_at FROM job ORDER BY id"
        ).fetchall()


@pytest.mark.parametrize("only_data", [False, True])
def test_a_dump_can_be_restored(own: Database, tmp_path: Path, only_data: bool) -> None:
    with psycopg.connect(own.url, autocommit=True) as application:
        for name in ("Wing", "Tail"):
            application.execute(
                "WITH made AS (INSERT INTO job (name, current_status, created_at, updated_at)"
                " VALUES (%s, 'PENDING', now(), now()) RETURNING id, created_at)"
                " INSERT INTO job_status (job_id, status_type, timestamp)"
                " SELECT id, 'PENDING', created_at FROM made",
                [name],
            )
    dump, copy = str(tmp_path / "dump"), f"copy_{only_data}".lower()
    run(own, "pg_dump", "--format=custom", f"--file={dump}", "jobs")
    target = own.cluster.application_url(copy)
    if only_data:
        run(own, "pg_restore", "--section=pre-data", f"--dbname={copy}", dump)
        run(own, "pg_restore", "--section=post-data", f"--dbname={copy}", dump)
        run(own, "psql", "--quiet", f"--command={EMPTIED}", copy)
        run(own, "pg_restore", *RESTORED, f"--dbname={copy}", dump)
    else:
        run(own, "pg_restore", f"--dbname={copy}", dump)
    assert rows(target) == rows(own.url)
    with psycopg.connect(target) as application:
        application.execute("UPDATE job SET name = name || '!', updated_at = clock_timestamp()")
