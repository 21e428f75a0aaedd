"""URLs that do not exist and methods that are not allowed."""

import pytest
from django.test import Client

from jobs.api.urls import urlpatterns
from jobs.tests.conftest import Api
from jobs.tests.factories import make_job
from jobs.tests.problems import problem_of, stored

pytestmark = pytest.mark.django_db

INVALID_IDS = [
    "0", "-1", "abc", str(2**63 - 1), str(2**63), str(2**64), "9" * 400, "1.5", "1e3", "0x1", "+1",
    "%D9%A3", "%00", "%ff", "%C3%28", "1%00", "%20", "1%0A", "'", "1;DROP TABLE job", "null", "..%2f",
]  # fmt: skip
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW"]
RECEIPT = "0f8b7c1e-5a3d-4c56-9d1f-6b2f0e9a7c44"
ALLOWED = {
    "/api/": ["GET"],
    "/api/jobs/": ["GET", "POST", "PATCH"],
    "/api/jobs/export/": ["GET"],
    f"/api/jobs/export/{RECEIPT}/": ["GET"],
    "/api/jobs/import/": ["POST"],
    "/api/jobs/bulk/": ["POST"],
    "/api/jobs/undo/": ["POST"],
    "/api/jobs/delete/": ["POST"],
    "/api/jobs/by-key/any/": ["GET", "PUT"],
    "/api/jobs/counts/": ["GET"],
    "/api/jobs/{id}/": ["GET", "PATCH", "DELETE"],
    "/api/jobs/{id}/statuses/": ["GET"],
    "/api/jobs/{id}/undo/": ["POST"],
    "/api/trash/": ["GET"],
    "/api/trash/restore/": ["POST"],
    "/api/trash/{id}/": ["GET", "DELETE"],
    "/api/operations/": ["GET", "POST"],
    "/api/operations/{id}/": ["GET"],
    "/api/operations/{id}/failures/": ["GET"],
    "/api/operations/{id}/cancel/": ["POST"],
    "/api/operations/{id}/retry/": ["POST"],
    "/api/operations/{id}/undo/": ["POST"],
    "/api/proposals/": ["GET"],
    "/api/proposals/{id}/": ["GET"],
    "/api/proposals/{id}/approve/": ["POST"],
    "/api/proposals/{id}/decline/": ["POST"],
    "/api/views/": ["GET", "POST"],
    "/api/views/{id}/": ["GET", "PATCH", "DELETE"],
    "/api/audit/": ["GET"],
    "/api/audit/export/": ["GET"],
    "/api/events/": ["GET"],
    "/api/health/": ["GET"],
    "/api/health/live/": ["GET"],
    "/api/health/ready/": ["GET"],
    "/api/schema/": ["GET"],
}


@pytest.mark.parametrize("invalid_id", INVALID_IDS, ids=lambda text: text[:20])
def test_invalid_job_id_is_not_found(api: Api, invalid_id: str) -> None:
    make_job()
    before = stored()
    path = f"/api/jobs/{invalid_id}/"
    for method, body in [
        ("GET", None),
        ("DELETE", None),
        ("PATCH", {"status_type": "RUNNING"}),
        ("PATCH", {"name": "x"}),
    ]:
        problem_of(api.call(method, path, body), 404)
    problem_of(api.call("GET", f"{path}statuses/"), 404)
    assert stored() == before


@pytest.mark.parametrize("path", ALLOWED)
@pytest.mark.parametrize("method", METHODS)
def test_method_not_allowed_lists_the_allowed_methods(api: Api, path: str, method: str) -> None:
    if method in ALLOWED[path]:
        return
    job_id = make_job().pk
    before = stored()
    answer = api.call(method, path.format(id=job_id), {"name": "x", "status_type": "FAILED"})
    assert problem_of(answer, 405)["code"] == "method_not_allowed"
    assert set(ALLOWED[path]) <= set(answer["Allow"].split(", "))
    assert method not in answer["Allow"].split(", ")
    assert stored() == before


@pytest.mark.parametrize("path", ALLOWED)
def test_head_and_options(api: Api, path: str) -> None:
    url = path.format(id=make_job().pk)
    assert b"".join(api.call("HEAD", url)) == b""
    head = ["HEAD"] if "GET" in ALLOWED[path] else []
    answer = api.call("OPTIONS", url)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer
    assert sorted(answer["Allow"].split(", ")) == sorted([*ALLOWED[path], *head, "OPTIONS"])


def test_every_url_is_tested_here() -> None:
    urls = {f"/api/{p.pattern}" for p in urlpatterns if hasattr(p.callback, "cls")}
    tested = {
        path.replace("views/{id}", "views/<job_id:view_id>")
        .replace("trash/{id}", "trash/<job_id:trashed_id>")
        .replace("operations/{id}", "operations/<job_id:operation_id>")
        .replace("proposals/{id}", "proposals/<job_id:proposal_id>")
        .replace("{id}", "<job_id:job_id>")
        .replace(RECEIPT, "<uuid:export_id>")
        .replace("by-key/any", "by-key/<job_key:key>")
        for path in ALLOWED
    }
    assert tested == urls


@pytest.mark.parametrize("path", ["/api/%ff/", "/api/%00/", "/api//", "/api/jobs//", "/api/é/"])
def test_malformed_urls_are_not_found(api: Api, path: str) -> None:
    problem_of(api.call("GET", path), 404)


@pytest.mark.parametrize("host", ["evil.example", "a b", "x" * 300, "[::"])
def test_api_names_a_host_that_is_not_allowed(api: Api, host: str) -> None:
    refused = api.call("GET", "/api/jobs/", HTTP_HOST=host)
    assert problem_of(refused, 400)["code"] == "host_not_allowed"
    assert f'"{host[:40]}' in refused.json()["detail"]
    assert "ALLOWED_HOSTS" in refused.json()["detail"]


def test_page_names_a_host_that_is_not_allowed(client: Client) -> None:
    refused = client.get("/", HTTP_HOST="<b>evil</b>")
    assert refused.status_code == 400
    assert "&lt;b&gt;evil&lt;/b&gt;" in refused.content.decode()
    assert "ALLOWED_HOSTS" in refused.content.decode()
