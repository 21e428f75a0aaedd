"""The tables can be in another schema than public, which DATABASE_URL names: docs/deployment.md."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from jobs.tests.served import served
from jobs.tests.sql.catalog import definitions
from jobs.tests.waiting import eventually
from project.local.paths import ROOT
from project.tests.database_server import Database, database
from project.tests.previous_release import unpack
from project.tests.releases import SECRET, Release, command

# The decoys would make a function fail that looks a name up in public.
MADE = "CREATE SCHEMA jobs; CREATE TABLE public.job_count (decoy int); CREATE TABLE public.job_event (decoy int)"
PATHS = (
    "SELECT DISTINCT setting FROM pg_proc, unnest(proconfig) AS setting"
    " WHERE pronamespace = 'jobs'::regnamespace AND setting LIKE 'search_path=%'"
)
IN_PUBLIC = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"


@pytest.fixture(scope="module")
def server() -> Iterator[Database]:
    with database("schema") as server:
        yield server


def with_schema(server: Database, name: str) -> str:
    """The URL of a new database with an empty schema `jobs`."""
    url = server.cluster.application_url(name)
    with psycopg.connect(url, autocommit=True) as application:
        application.execute(MADE)
    return f"{url}&options=-csearch_path%3Djobs"


def works(url: str, folder: Path) -> None:
    """Each kind of change, its event, and the counts."""
    with served(folder, **SECRET, DATABASE_URL=url) as web:
        release = Release(web)
        _, cursor = release.events("now")
        failed = release.get("/api/jobs/counts/")["by_status"]["FAILED"]
        job = release.create("Wing")
        running = release.change(job, status_type="RUNNING")
        undo = {"updated_at": running["updated_at"]}
        assert release.call("POST", f"/api/jobs/{job['id']}/undo/", undo).status == 200
        release.change(job, name="Tail")
        assert release.call("DELETE", f"/api/jobs/{job['id']}/").status == 204
        release.change(release.create("Fin"), status_type="FAILED")
        eventually(lambda: len(release.events(cursor)[0]) == 7)
        assert [event["type"] for event in release.events(cursor)[0]] == [
            "job.created",
            "job.status_changed",
            "job.status_changed",
            "job.renamed",
            "job.deleted",
            "job.created",
            "job.status_changed",
        ]
        counts = release.get("/api/jobs/counts/")["by_status"]
        assert counts == {"PENDING": 0, "RUNNING": 0, "COMPLETED": 0, "FAILED": failed + 1}
    with psycopg.connect(url) as session:
        assert session.execute(PATHS).fetchall() == [("search_path=jobs, pg_temp",)]
        assert not [name for (name,) in session.execute(IN_PUBLIC) if name.startswith("job")]
        assert session.execute("SELECT * FROM public.job_count").fetchall() == []


def test_a_new_database_and_an_upgraded_one_work_in_another_schema(
    server: Database, tmp_path: Path
) -> None:
    new, previous = with_schema(server, "new"), with_schema(server, "previous")
    command(ROOT, "-m", "project.migrate", DATABASE_URL=new)
    works(new, tmp_path)
    code = tmp_path / "previous"
    unpack(code)
    command(code, "-m", "project.migrate", DATABASE_URL=previous)
    command(ROOT, "-m", "project.migrate", DATABASE_URL=previous)
    works(previous, tmp_path)
    with psycopg.connect(new) as one, psycopg.connect(previous) as other:
        expected = definitions(lambda sql: one.execute(sql).fetchall())
        assert definitions(lambda sql: other.execute(sql).fetchall()) == expected
    command(ROOT, "manage.py", "migrate", "jobs", "0015", DATABASE_URL=previous, **SECRET)
    with psycopg.connect(previous) as session:
        assert session.execute(PATHS).fetchall() == [("search_path=jobs, pg_temp",)]
