"""Counts, health, the root and unknown URLs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from jobs import health
from jobs.statuses import StatusType
from jobs.tests.conftest import Api, Run
from jobs.tests.factories import COMPLETED, PENDING, RUNNING, database_rows, fill, make_job
from jobs.tests.problems import problem_of
from jobs.version import VERSION


@pytest.mark.django_db
def test_counts_are_exact_in_total_and_by_status(api: Api) -> None:
    fill(2)
    make_job(status=RUNNING), make_job(history=[RUNNING, COMPLETED])
    by_status = dict.fromkeys(StatusType, 0) | {PENDING: 2, RUNNING: 1, COMPLETED: 1}
    assert api.get("/api/jobs/counts/") == {"total": 4, "by_status": by_status}


@pytest.mark.django_db
def test_health_is_ok(api: Api) -> None:
    assert api.get("/api/health/") == {"status": "ok", "feed": {"behind_seconds": 0.0}}


def test_a_lost_database_is_503_and_the_next_connection_works(api: Api, at_once: Run) -> None:
    [[pid]] = database_rows("SELECT pg_backend_pid()")
    at_once(lambda: database_rows(f"SELECT pg_terminate_backend({pid}, 5000)"))
    response = api.call("GET", "/api/health/")
    assert problem_of(response, 503)["code"] == "database_unavailable"
    assert response["Retry-After"]
    for path in ("/api/jobs/", "/api/jobs/counts/", "/api/jobs/1/"):
        problem_of(api.call("GET", path), 503)
    problem_of(api.post("/api/jobs/", {"name": "x"}), 503)
    connection.close()  # what Django does at the end of a real request
    assert api.get("/api/health/") == {"status": "ok", "feed": {"behind_seconds": 0.0}}
    assert api.get("/api/jobs/")["count"] == 0


@pytest.mark.django_db
def test_every_url_of_the_root_responds(api: Api) -> None:
    for url in api.get("/api/").values():
        assert api.client.get(url).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE", "PUT"])
@pytest.mark.parametrize(
    "path", ["/api/nothing/", "/api/jobs", "/api/jobs/1", "/api/jobs/counts", "/api/jobs/1/x/"]
)
def test_an_unknown_url_is_a_problem_and_never_a_redirect(api: Api, method: str, path: str) -> None:
    assert problem_of(api.call(method, path, {"name": "x"}), 404)["code"] == "not_found"


@pytest.mark.django_db
def test_ready_says_what_runs_and_whether_there_is_a_worker(api: Api, settings: Settings) -> None:
    settings.BUILD = "3f9c2ab"
    ready = {"status": "ok", "worker": "absent", "version": VERSION, "build": "3f9c2ab"}
    assert api.get("/api/health/ready/") == ready
    database_rows("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert api.get("/api/health/ready/")["worker"] == "present"


@pytest.mark.django_db
def test_not_ready_before_the_migrations_have_been_run(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "migrations", health.Migrations())
    monkeypatch.setattr(health, "PENDING_SECONDS", 0.0)
    [(name,)] = database_rows(
        "DELETE FROM django_migrations WHERE app = 'jobs' AND name = (SELECT max(name) FROM django_migrations WHERE app = 'jobs') RETURNING name"
    )
    problem = problem_of(api.call("GET", "/api/health/ready/"), 503)
    assert problem["code"] == "migrations_pending"
    assert f"jobs.{name}" in problem["detail"]
    database_rows(
        f"INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '{name}', now())"
    )
    assert api.get("/api/health/ready/")["status"] == "ok"


@pytest.mark.django_db
def test_alive_without_a_database(api: Api) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert api.get("/api/health/live/") == {"status": "ok", "version": VERSION, "build": ""}
    assert len(queries) == 0
