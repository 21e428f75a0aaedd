"""The format of a response is the one with the highest quality value in Accept."""

import pytest

from jobs.tests.conftest import Api
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db

LINES, STREAM = "application/x-ndjson", "text/event-stream"
YAML, JSON = "application/yaml", "application/json"


@pytest.mark.parametrize(
    ("path", "accept", "expected"),
    [
        ("events", "application/x-ndjson;q=0.1, text/event-stream", STREAM),
        ("events", "text/event-stream;q=0.1, application/x-ndjson", LINES),
        ("events", "text/event-stream;q=0, */*;q=0.1", LINES),
        ("events", "application/x-ndjson;q=0, */*;q=0.1", STREAM),
        ("events", "application/*;q=0.5, */*;q=0.6", STREAM),
        ("events", "*/*;q=1, application/x-ndjson; q=0.000, text/*;q=0.001", STREAM),
        # with equal quality, the most specific match, then the first format that is offered
        ("events", "*/*, text/event-stream", STREAM),
        ("events", "text/*, */*", STREAM),
        ("events", "text/event-stream, application/x-ndjson", LINES),
        ("events", "*/*", LINES),
        ("schema", "application/yaml;q=0.1, application/json", JSON),
        ("schema", "application/yaml, application/json", JSON),
        ("schema", "text/html, application/json;q=0.9, */*;q=0.8", JSON),
        ("jobs", "text/html, */*;q=0.1", JSON),
        ("jobs", "application/json; charset=utf-8", JSON),
        ("jobs", "APPLICATION/JSON", JSON),
        # an empty list of types is like no list
        ("jobs", "", JSON),
        ("jobs", " ", JSON),
        ("jobs", "," * 8_000, JSON),
        ("events", "", LINES),
        # invalid quality values are ignored
        ("jobs", "application/json;q=x", JSON),
        ("jobs", "application/json;q=nan", JSON),
        ("jobs", "application/json;q=-1", JSON),
        ("jobs", "application/json;q=2", JSON),
    ],
)
def test_selects_the_format_with_the_highest_quality(
    api: Api, path: str, accept: str, expected: str
) -> None:
    answer = api.call("GET", f"/api/{path}/", HTTP_ACCEPT=accept)
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, expected)


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("jobs", "application/json;q=0"),
        ("jobs", "application/json;q=0, */*"),
        ("jobs", "*/*;q=0"),
        ("jobs", "application/json;q=0.0, application/*;q=0, */*;q=1"),
        ("events", "application/*;q=0, text/*;q=0, */*"),
        ("schema", "text/html"),
    ],
)
def test_rejects_an_accept_without_an_offered_format(api: Api, path: str, accept: str) -> None:
    answer = api.call("GET", f"/api/{path}/", HTTP_ACCEPT=accept)
    assert problem_of(answer, 406)["code"] == "not_acceptable"


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/api/events/", LINES),
        ("/api/events/", STREAM),
        ("/api/jobs/export/", LINES),
        ("/api/jobs/export/?format=csv", "text/csv"),
        ("/api/docs/", "text/html"),
    ],
)
def test_text_declares_utf8(api: Api, path: str, accept: str) -> None:
    """Without a charset, clients assume Latin-1 or guess. JSON and YAML are always UTF-8."""
    media_type, *parameters = api.client.head(path, HTTP_ACCEPT=accept)["Content-Type"].split("; ")
    assert media_type == accept
    assert "charset=utf-8" in parameters
