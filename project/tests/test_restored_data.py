"""Data-only restores into migrated tables: triggers count the rows, and the counters in the dump are not added."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from project.local import postgres
from project.tests.database_server import Database, database

CREATE = """
WITH made AS (
    INSERT INTO job (name, current_status, created_at, updated_at)
    SELECT 'Wing ' || number, 'PENDING', now(), now() FROM generate_series(1, 300) AS number RETURNING id, created_at
)
INSERT INTO job_status (job_id, status_type, timestamp) SELECT id, 'PENDING', created_at FROM made
"""
CHANGE = """
WITH changed AS (UPDATE job SET current_status = 'RUNNING', updated_at = clock_timestamp() WHERE id % 3 = 0 RETURNING id)
INSERT INTO job_status (job_id, status_type, timestamp) SELECT id, 'RUNNING', clock_timestamp() FROM changed
"""
# The command in docs/upgrading.md
EMPTIED = (
    "TRUNCATE auth_group, auth_group_permissions, auth_permission, auth_user_groups, auth_user_user_permissions,"
    " django_content_type, django_migrations, job_feed, job_feed_era, job_feed_given, job_feed_running"
)
RESTORED = ("--data-only", "--single-transaction")
COUNTED = "SELECT status, n FROM job_counts WHERE n <> 0 ORDER BY status"
TRUTH = "SELECT current_status, count(*) FROM job GROUP BY 1 ORDER BY 1"
ACTIVITY = "SELECT status, sum(n)::bigint FROM job_activity GROUP BY 1 ORDER BY 1"
HISTORY = "SELECT status_type, count(*) FROM job_status GROUP BY 1 ORDER BY 1"


@pytest.fixture(scope="module")
def source() -> Iterator[Database]:
    with database("restored") as source:
        with psycopg.connect(source.url, autocommit=True) as application:
            application.execute(CREATE)
            application.execute(CHANGE)
        yield source


def run(cluster: postgres.Cluster, program: str, *words: str) -> None:
    done = subprocess.run(
        [
            cluster.binaries / program,
            "--host",
            str(cluster.socket_folder),
            "--username",
            "jobs",
            *words,
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("form", [(), ("--inserts",)])
@pytest.mark.parametrize("before", [0, 300])
def test_counts_are_exact_after_a_data_only_restore(
    source: Database, tmp_path: Path, form: tuple[str, ...], before: int
) -> None:
    cluster, name = source.cluster, f"target_{before}_{len(form)}"
    dump = str(tmp_path / "dump")
    run(cluster, "pg_dump", "--format=custom", "--data-only", *form, f"--file={dump}", "jobs")
    target = Database(cluster, name)
    with psycopg.connect(target.url, autocommit=True) as application:
        if before:
            application.execute(
                "SELECT setval('job_id_seq', 100000), setval('job_status_id_seq', 100000)"
            )
            application.execute(CREATE)
        run(cluster, "psql", "--quiet", f"--command={EMPTIED}", name)
        run(cluster, "pg_restore", *RESTORED, f"--dbname={name}", dump)

        def rows(sql: str) -> list[Any]:
            return application.execute(sql).fetchall()

        assert rows("SELECT count(*) FROM job") == [(300 + before,)]
        assert rows(COUNTED) == rows(TRUTH)
        assert rows(ACTIVITY) == rows(HISTORY)
        application.execute(
            "SELECT setval('job_id_seq', 200000), setval('job_status_id_seq', 200000)"
        )
        application.execute(CREATE)
        application.execute("SELECT job_count_fold(), job_activity_fold()")
        assert rows(COUNTED) == rows(TRUTH)
        assert rows(ACTIVITY) == rows(HISTORY)
        assert rows("SELECT job_feed_current() IS NOT NULL") == [(True,)]
