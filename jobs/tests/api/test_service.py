"""Counts, health, the root and unknown URLs."""

import pytest
from django.db import connection

from jobs.statuses import StatusType
from jobs.tests.conftest import Api, Run
from jobs.tests.factories import COMPLETED, PENDING, RUNNING, database_rows, fill, make_job
from jobs.tests.problems import problem_of


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
