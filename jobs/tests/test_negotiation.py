"""What an address answers in is what Accept gives most weight."""

import pytest

from jobs.tests.conftest import Api
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db

LINES, STREAM = "application/x-ndjson", "text/event-stream"
YAML, JSON = "application/yaml", "application/json"


@pytest.mark.parametrize(
    ("path", "accept", "answered"),
    [
        ("events", "application/x-ndjson;q=0.1, text/event-stream", STREAM),
        ("events", "text/event-stream;q=0.1, application/x-ndjson", LINES),
        ("events", "text/event-stream;q=0, */*;q=0.1", LINES),
        ("events", "application/x-ndjson;q=0, */*;q=0.1", STREAM),
        ("events", "application/*;q=0.5, */*;q=0.6", STREAM),
        ("events", "*/*;q=1, application/x-ndjson; q=0.000, text/*;q=0.001", STREAM),
        # of equal weights the one that is named, then the one that is offered first
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
        # what is no weight is none
        ("jobs", "application/json;q=x", JSON),
        ("jobs", "application/json;q=nan", JSON),
        ("jobs", "application/json;q=-1", JSON),
        ("jobs", "application/json;q=2", JSON),
    ],
)
def test_the_weightiest_format_is_answered(api: Api, path: str, accept: str, answered: str) -> None:
    answer = api.call("GET", f"/api/{path}/", HTTP_ACCEPT=accept)
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, answered)


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("jobs", "application/json;q=0"),
        ("jobs", "application/json;q=0, */*"),
        ("jobs", "*/*;q=0"),
        ("jobs", "application/json;q=0.0, application/*;q=0, */*;q=1"),
        ("jobs", ""),
        ("jobs", "," * 8_000),
        ("events", "application/*;q=0, text/*;q=0, */*"),
        ("schema", "text/html"),
    ],
)
def test_what_accept_leaves_out_is_not_answered(api: Api, path: str, accept: str) -> None:
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
def test_text_says_that_it_is_utf8(api: Api, path: str, accept: str) -> None:
    """Clients take text for Latin-1, or guess, where nothing is said. JSON and YAML are UTF-8 by themselves."""
    media_type, *parameters = api.client.head(path, HTTP_ACCEPT=accept)["Content-Type"].split("; ")
    assert media_type == accept
    assert "charset=utf-8" in parameters
