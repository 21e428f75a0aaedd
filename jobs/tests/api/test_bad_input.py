"""Invalid requests of every kind get a problem that explains the error, and change nothing."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import RequestFactory

from jobs.api.views import JobListView
from jobs.models import Job
from jobs.tests.conftest import Api
from jobs.tests.factories import make_job
from jobs.tests.invalid_values import BAD_NAMES, BAD_STATUSES, FORMS, NO_OBJECT, NOT_JSON
from jobs.tests.problems import problem_of, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    return make_job("Wing")


@pytest.fixture(autouse=True)
def nothing_is_written(job: Job) -> Iterator[None]:
    before = stored()
    yield
    assert stored() == before


def endpoints(job: Job) -> list[tuple[str, str]]:
    return [("POST", "/api/jobs/"), ("PATCH", f"/api/jobs/{job.pk}/")]


@pytest.mark.parametrize("body", NOT_JSON + NO_OBJECT, ids=lambda body: repr(body[:20]))
def test_rejects_a_body_that_is_not_a_json_object(api: Api, job: Job, body: bytes) -> None:
    for method, path in endpoints(job):
        assert problem_of(api.call(method, path, body), 400)["code"] == "malformed_json"


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_rejects_a_body_without_a_known_field(api: Api, job: Job, body: bytes) -> None:
    fields = [
        problem_of(api.call(*endpoint, body), 400)["errors"][0]["field"]
        for endpoint in endpoints(job)
    ]
    assert fields == ["name", ""]


@pytest.mark.parametrize("name", BAD_NAMES, ids=lambda name: ascii(name)[:20])
def test_rejects_an_invalid_name_even_with_a_valid_status(api: Api, job: Job, name: Any) -> None:
    for body in ({"name": name}, {"name": name, "status_type": "RUNNING"}):
        for method, path in endpoints(job):
            problem = problem_of(api.call(method, path, body), 400)
            assert (problem["code"], problem["errors"][0]["field"]) == ("invalid", "name")


@pytest.mark.parametrize("status", BAD_STATUSES, ids=lambda status: ascii(status)[:20])
def test_rejects_an_invalid_status_and_lists_the_valid_ones(
    api: Api, job: Job, status: Any
) -> None:
    body = {"status_type": status, "name": "New"}
    [error] = problem_of(api.patch(f"/api/jobs/{job.pk}/", body), 400)["errors"]
    assert error["field"] == "status_type"
    assert "PENDING, RUNNING, COMPLETED, FAILED" in error["detail"]
    assert len(error["detail"]) < 200


@pytest.mark.parametrize("field", ["name", "status_type"])
def test_rejects_nesting_of_any_depth(api: Api, job: Job, field: str) -> None:
    for depth in (1, 100, *range(400, 1100, 7), 5_000, 30_000):
        body = f'{{"{field}": {"[" * depth}{"]" * depth}, "name": ""}}'.encode()
        for method, path in endpoints(job):
            problem_of(api.call(method, path, body), 400)


def test_rejects_a_body_over_the_limit(api: Api, job: Job) -> None:
    body = json.dumps({"name": "x", "padding": "x" * 70_000}).encode()
    for method, path in endpoints(job):
        assert problem_of(api.call(method, path, body), 413)["code"] == "body_too_large"


@pytest.mark.parametrize("content_type", FORMS)
def test_rejects_other_content_types(api: Api, job: Job, content_type: str) -> None:
    for method, path in endpoints(job):
        for body in (b"name=Evil&status_type=FAILED", b'{"name": "Evil"}'):
            response = api.call(method, path, body, content_type=content_type)
            assert problem_of(response, 415)["code"] == "unsupported_media_type"


@pytest.mark.parametrize(
    "query",
    ["status=PAUSED", "status=", "status=PENDING&status=x", "status=%ff", "status=%00", "ordering=",
     "ordering=size", "ordering=--name", "ordering=id", "page_size=0", "page_size=201", "page_size=x",
     "page_size=", "page_size=-1", "page_size=%D9%A3", "page_size=" + "9" * 5000, "search=%00",
     "search=" + "x" * 256, "cursor=", "cursor=x", "cursor=%ff", "cursor=%00", "cursor=a.b", "cursor=" + "A" * 5000,
     "q=%00", "q=stauts:failed", "q=status:", "q=id:x", "q=created:soon", "q=" + "+".join(map(str, range(21))), "q=" + "x" * 2001,
     "stauts=FAILED", "page=2", "%ff=1", "=1", "x[]=1", "format=json", "&".join(["status=x"] * 900)],
    ids=lambda query: query[:24],
)  # fmt: skip
def test_rejects_an_invalid_query_and_names_the_field(api: Api, query: str) -> None:
    problem = problem_of(api.call("GET", f"/api/jobs/?{query}"), 400)
    assert problem["code"] == "invalid_query"
    assert problem["errors"]


@pytest.mark.parametrize(
    "query", ["status=FAILED", "page_size=0", "cursor=x", "cursor=", "search=x"]
)
def test_other_urls_reject_unsupported_parameters(api: Api, job: Job, query: str) -> None:
    problem_of(api.call("GET", f"/api/jobs/{job.pk}/statuses/?{query}"), 400)
    problem_of(api.call("GET", f"/api/jobs/{job.pk}/?{query}"), 400)
    problem_of(api.call("GET", f"/api/jobs/counts/?{query}"), 400)
    problem_of(api.call("GET", f"/api/events/?{query}"), 400)
    for path in ("/api/", "/api/health/", "/api/schema/"):
        problem_of(api.call("GET", f"{path}?{query}"), 400)


@pytest.mark.parametrize("query", ["status=FAILED", "dry_run=yes", "%ff=1", "=1"])
def test_rejects_a_change_with_a_parameter_that_would_be_ignored(
    api: Api, job: Job, query: str
) -> None:
    path, seen = (
        f"/api/jobs/{job.pk}/",
        {"updated_at": api.get(f"/api/jobs/{job.pk}/")["updated_at"]},
    )
    for response in (
        api.post(f"/api/jobs/?{query}", {"name": "x"}),
        api.patch(f"{path}?{query}", {"status_type": "RUNNING"}),
        api.post(f"{path}undo/?{query}", seen),
        api.delete(f"{path}?{query}"),
    ):
        assert problem_of(response, 400)["errors"][0]["code"] == "unknown_parameter"


def test_rejects_thousands_of_parameters(api: Api) -> None:
    problem_of(api.call("GET", "/api/jobs/?" + "&".join(["status=x"] * 5000)), 400)


def test_accepts_unusual_but_valid_queries(api: Api) -> None:
    for query in (
        "search=%25_%5C",
        "search=+",
        "q=",
        "q=%25_%5C+%22",
        "q=C:%5Cx+10:30+http://x",
        "search=" + "%F0%9F%98%80" * 255,
    ):
        assert api.call("GET", f"/api/jobs/?{query}").status_code == 200, query


@pytest.mark.parametrize(
    "value", ["", '"', '"a', '"a b"', '"a";b', "\xff", "\0", "x\r\ny", "x " * 4_000]
)
def test_rejects_malformed_headers(api: Api, job: Job, value: str) -> None:
    path = f"/api/jobs/{job.pk}/"
    undo = {"updated_at": api.get(path)["updated_at"]}
    for method, url, body in (
        *((*endpoint, {"name": "New"}) for endpoint in endpoints(job)),
        ("POST", f"{path}undo/", undo),
        ("DELETE", path, None),
        ("GET", path, None),
    ):
        for header, methods in (
            ("Idempotency-Key", {"POST", "PATCH"}),
            ("If-Match", {"PATCH", "DELETE"}),
            ("If-None-Match", {"GET"}),
        ):
            if method in methods:
                response = api.call(method, url, body, headers={header: value})
                [error] = problem_of(response, 400)["errors"]
                assert (error["field"], error["code"]) == (header, "malformed")


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip", "br", "identity, gzip", "\xff"])
def test_rejects_an_encoded_body(api: Api, job: Job, encoding: str) -> None:
    lines = gzip.compress(b'{"name": "x"}\n')
    for method, path in (
        *endpoints(job),
        ("PATCH", "/api/jobs/"),
        ("POST", f"/api/jobs/{job.pk}/undo/"),
        ("POST", "/api/jobs/import/?on_error=skip"),
    ):
        form = "application/x-ndjson" if "import" in path else "application/json"
        response = api.call(method, path, lines, content_type=form, HTTP_CONTENT_ENCODING=encoding)
        assert problem_of(response, 415)["code"] == "unsupported_encoding"
        assert response["Accept-Encoding"] == "identity"
    assert api.call("GET", "/api/jobs/", HTTP_CONTENT_ENCODING=encoding).status_code == 200
    problem_of(api.call("PUT", "/api/jobs/", lines, HTTP_CONTENT_ENCODING=encoding), 405)


@pytest.mark.parametrize("encoding", ["", "identity", "Identity", " identity ,"])
def test_accepts_the_identity_encoding(api: Api, job: Job, encoding: str) -> None:
    for method, path in endpoints(job):
        response = api.call(method, path, {"name": ""}, HTTP_CONTENT_ENCODING=encoding)
        assert problem_of(response, 400)["code"] == "invalid"


def test_rejects_an_accept_without_json(api: Api) -> None:
    problem_of(api.call("GET", "/api/jobs/", HTTP_ACCEPT="text/csv"), 406)


def test_rejects_a_chunked_body_that_would_appear_empty(job: Job) -> None:
    request = RequestFactory().post(
        "/api/jobs/", b'{"name": "x"}', "application/json", headers={"Transfer-Encoding": "chunked"}
    )
    del request.META["CONTENT_LENGTH"]
    response = JobListView.as_view()(request)
    assert problem_of(response, 411)["code"] == "length_required"
