"""A page of another site cannot change anything with the viewer's browser, also not without a body."""

import pytest
from pytest_django import Settings

from jobs.models import Job
from jobs.tests.conftest import Api
from jobs.tests.factories import make_job
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db

FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver:81"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver:81"},
]
OWN = [
    {},
    {"Origin": "http://testserver"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://jobs.example.com"},
    {"Sec-Fetch-Site": "none"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/operations/1/undo/"),
        ("POST", "/api/operations/1/cancel/"),
        ("POST", "/api/jobs/"),
        ("PATCH", "/api/jobs/1/"),
        ("DELETE", "/api/jobs/1/"),
    ],
)
def test_changes_from_another_site_are_refused(
    api: Api, method: str, path: str, headers: dict[str, str]
) -> None:
    body = {"name": "x"} if "operations" not in path and method != "DELETE" else None
    problem = problem_of(api.call(method, path, body, headers=headers), 403)
    assert problem["code"] == "cross_site"
    assert Job.objects.count() == 0


@pytest.mark.parametrize("headers", OWN)
def test_own_pages_and_programs_are_not(api: Api, headers: dict[str, str]) -> None:
    job = make_job()
    assert api.call("DELETE", f"/api/jobs/{job.pk}/", headers=headers).status_code == 204


def test_reading_is_allowed(api: Api) -> None:
    assert api.call("GET", "/api/jobs/", headers=FOREIGN[0]).status_code == 200


def test_an_origin_can_be_trusted(api: Api, settings: Settings) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["http://evil.example"]
    response = api.call("POST", "/api/jobs/", {"name": "x"}, headers=FOREIGN[0])
    assert response.status_code == 201
