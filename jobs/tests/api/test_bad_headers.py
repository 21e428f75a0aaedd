"""Headers that no HTTP library sends, passed directly to the WSGI application."""

import json
from typing import Any

import pytest

from jobs.benchmark.app import App, Response
from jobs.benchmark.requests import Request
from jobs.tests.factories import make_job
from jobs.tests.problems import stored

pytestmark = pytest.mark.django_db(transaction=True)

UNREADABLE = [
    "text/plain; charset*=foo''%41",
    "text/plain; charset*=idna''%FF",
    "application/json; charset*=\0''x",
    "application/json; a*=x; a*0*=y",
    f"application/json; a*{'9' * 4_400}*=x",
]
# The last two are malformed. Python has codecs for the others: two are not text encodings, one always fails, the rest
# misread a query string.
CHARSETS = ["hex", "rot13", "undefined", "idna", "utf-16", "utf-7", "cp037", "x" * 4_000, "*=utf-8''%00"]  # fmt: skip
API = ["/api/", "/api/jobs/", "/api/jobs/import/", "/api/events/", "/api/nowhere/", "/api/docs/"]


@pytest.fixture(scope="module")
def app() -> App:
    return App()


def send(app: App, method: str, path: str, body: str = "", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.send(Request(method, path, body, named, 200))


def problem_code(found: Response, status: int) -> Any:
    assert (found.status, found.headers["Content-Type"]) == (status, "application/problem+json")
    assert "object-src 'none'" in found.headers["Content-Security-Policy"]
    return json.loads(found.body)["code"]


@pytest.mark.parametrize("content_type", UNREADABLE, ids=lambda text: ascii(text)[:40])
def test_a_malformed_content_type_is_a_bad_request(app: App, content_type: str) -> None:
    make_job()
    before = stored()
    for path in API:
        for method in ("GET", "POST", "PATCH", "OPTIONS", "BREW"):
            found = send(app, method, path, '{"name": "x"}', Content_Type=content_type)
            assert problem_code(found, 400) == "bad_request"
    for path in ("/", "/nowhere/"):
        found = send(app, "GET", path, Content_Type=content_type)
        assert (found.status, found.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert stored() == before


@pytest.mark.parametrize("charset", CHARSETS, ids=lambda text: text[:20])
def test_a_query_is_utf8_whatever_the_content_type_says(app: App, charset: str) -> None:
    job = make_job("Flügel")
    equals = "" if "=" in charset else "="
    found = send(
        app, "GET", "/api/jobs/?q=Fl%C3%BCgel", Content_Type=f"text/plain; charset{equals}{charset}"
    )
    assert found.status == 200, found.body
    assert [row["id"] for row in found.content["results"]] == [job.pk]


@pytest.mark.parametrize("accept", UNREADABLE, ids=lambda text: ascii(text)[:40])
def test_malformed_parts_of_accept_are_ignored(app: App, accept: str) -> None:
    for path in ("/api/", "/api/events/", "/api/schema/"):
        assert problem_code(send(app, "GET", path, Accept=accept), 406) == "not_acceptable"
        assert send(app, "GET", path, Accept=f"{accept}, */*").status == 200


def test_a_head_request_gets_only_the_headers(app: App) -> None:
    make_job()
    for path in ("/api/", "/api/jobs/", "/api/jobs/counts/", "/api/nowhere/", "/nowhere/"):
        whole, head = (send(app, method, path) for method in ("GET", "HEAD"))
        assert (head.status, head.body) == (whole.status, b"")
        assert head.headers["Content-Type"] == whole.headers["Content-Type"]
        assert head.headers["Content-Length"] == str(len(whole.body)) != "0"
