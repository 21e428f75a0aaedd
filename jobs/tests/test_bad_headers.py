"""Headers that no library reads: asked of the application itself, as servers call it."""

import json
from typing import Any

import pytest

from jobs.benchmark.app import Answer, App
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
# Python knows them all: two are no text, one always fails, the others read a query string as something else.
CHARSETS = ["hex", "rot13", "undefined", "idna", "utf-16", "utf-7", "cp037", "x" * 4_000, "*=utf-8''%00"]  # fmt: skip
API = ["/api/", "/api/jobs/", "/api/jobs/import/", "/api/events/", "/api/nowhere/", "/api/docs/"]


@pytest.fixture(scope="module")
def app() -> App:
    return App()


def answer(app: App, method: str, path: str, body: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.answer(Request(method, path, body, named, 200))


def problem_code(found: Answer, status: int) -> Any:
    assert (found.status, found.headers["Content-Type"]) == (status, "application/problem+json")
    assert "default-src 'none'" in found.headers["Content-Security-Policy"]
    return json.loads(found.body)["code"]


@pytest.mark.parametrize("content_type", UNREADABLE, ids=lambda text: ascii(text)[:40])
def test_a_content_type_that_cannot_be_read_is_a_bad_request(app: App, content_type: str) -> None:
    make_job()
    before = stored()
    for path in API:
        for method in ("GET", "POST", "PATCH", "OPTIONS", "BREW"):
            found = answer(app, method, path, '{"name": "x"}', Content_Type=content_type)
            assert problem_code(found, 400) == "bad_request"
    for path in ("/", "/nowhere/"):
        found = answer(app, "GET", path, Content_Type=content_type)
        assert (found.status, found.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert stored() == before


@pytest.mark.parametrize("charset", CHARSETS, ids=lambda text: text[:20])
def test_a_query_is_utf8_whatever_is_said_of_the_body(app: App, charset: str) -> None:
    job = make_job("Flügel")
    equals = "" if "=" in charset else "="
    found = answer(
        app, "GET", "/api/jobs/?q=Fl%C3%BCgel", Content_Type=f"text/plain; charset{equals}{charset}"
    )
    assert found.status == 200, found.body
    assert [row["id"] for row in found.content["results"]] == [job.pk]


@pytest.mark.parametrize("accept", UNREADABLE, ids=lambda text: ascii(text)[:40])
def test_what_cannot_be_read_in_accept_is_passed_over(app: App, accept: str) -> None:
    for path in ("/api/", "/api/events/", "/api/schema/"):
        assert problem_code(answer(app, "GET", path, Accept=accept), 406) == "not_acceptable"
        assert answer(app, "GET", path, Accept=f"{accept}, */*").status == 200


def test_the_head_of_an_answer_is_all_that_is_sent_to_who_asks_for_it(app: App) -> None:
    make_job()
    for path in ("/api/", "/api/jobs/", "/api/jobs/counts/", "/api/nowhere/", "/nowhere/"):
        whole, head = (answer(app, method, path) for method in ("GET", "HEAD"))
        assert (head.status, head.body) == (whole.status, b"")
        assert head.headers["Content-Type"] == whole.headers["Content-Type"]
        assert head.headers["Content-Length"] == str(len(whole.body)) != "0"
