"""The API documentation page: it is complete and complies with the content security policy."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from jobs.api.document import openapi_document
from jobs.api.openapi import examples
from jobs.api.openapi.error_codes import ERROR_CODES
from jobs.api.openapi.hooks import operations
from jobs.api.problems.field_codes import FIELD_CODES
from jobs.api.serializers import REPORTED
from jobs.reference.operations import groups
from jobs.reference.text import html_of
from jobs.rows import READ_ONLY, WRITABLE
from jobs.tests.conftest import Api
from jobs.tests.problems import problem_of


class Page(HTMLParser):
    """The ids of a page, its links to anchors, and the tags that the security policy would block."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.anchors: set[str] = set()
        self.forbidden: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids += [values["id"]] if "id" in values else []
        href = values.get("href", "")
        if tag == "a" and href.startswith("#"):
            self.anchors.add(href[1:])
        urls = [values.get(name, "") for name in ("src", "href")]
        if (
            tag == "style"
            or (tag == "script" and "src" not in values)
            or any(name == "style" or name.startswith("on") for name in values)
            or any(re.match(r"(\w+:)?//", url) for url in urls)
        ):
            self.forbidden.append(self.get_starttag_text() or tag)


def page(client: Client) -> tuple[str, Page]:
    response = client.get("/api/docs/")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert "'unsafe" not in response["Content-Security-Policy"]
    html = response.content.decode()
    return html, Page(html)


def test_documents_every_operation_and_every_code(client: Client) -> None:
    html, parsed = page(client)
    expected = {operation["operationId"] for operation in operations(openapi_document())}
    expected |= {f"error-{code}" for code in ERROR_CODES}
    assert expected <= set(parsed.ids)
    assert len(parsed.ids) == len(set(parsed.ids))
    assert parsed.anchors <= {*parsed.ids, "main"}
    for code in FIELD_CODES:
        assert f"<code>{code}</code>" in html
    assert parsed.forbidden == []


def test_commands_use_the_host_name_of_the_request(client: Client) -> None:
    html, _ = page(client)
    assert "curl &#x27;" not in html
    for command in (
        "curl 'http://testserver/api/jobs/?q=turbine+status:failed'",
        "curl -X DELETE 'http://testserver/api/jobs/12/'",
        "curl -X PATCH 'http://testserver/api/jobs/12/'",
    ):
        assert command in html


def test_sequences_of_lines_show_the_fields_of_a_line() -> None:
    jobs, *_ = groups(openapi_document())
    by_id = {operation.id: operation for operation in jobs.operations}
    import_jobs = by_id["import_jobs"]
    assert import_jobs.body_types == ["application/x-ndjson", "text/csv"]
    assert [field.name for field in import_jobs.body] == [*WRITABLE, *READ_ONLY]
    assert import_jobs.curl[2].endswith("""--data-binary '{"name": "Wing"}'""")
    for name in ("export_jobs", "list_events"):
        [response] = by_id[name].responses
        assert "name" in [field.name for field in response.fields]


def test_job_operations_come_first_with_their_bodies_responses_and_errors() -> None:
    jobs, *others = groups(openapi_document())
    names = [each.name for each in (jobs, *others)]
    assert names == ["jobs", "trash", "operations", "audit", "views", "service"]
    [change] = [operation for operation in jobs.operations if operation.id == "change_job"]
    assert [field.name for field in change.body] == ["status_type", *REPORTED, *WRITABLE]
    assert change.curl[2].endswith(f"-d '{json.dumps(examples.FAILURE)}'")
    [response] = change.responses
    assert [field.name for field in response.fields][:3] == ["id", "name", "current_status"]
    codes = {error.code for error in change.errors}
    assert {"invalid", "not_found", "database_unavailable"} <= codes


def test_descriptions_are_escaped() -> None:
    text = "A <b> & `a < b`.\n\n- `x`: one\n- two"
    assert html_of(text) == (
        "<p>A &lt;b&gt; &amp; <code>a &lt; b</code>.</p><ul><li><code>x</code>: one</li><li>two</li></ul>"
    )
    assert html_of("") == ""


def test_list_items_may_span_lines() -> None:
    text = "Kept:\n\n- a week, and no\n  more - ever\n- `x`\n\nNo list\n- this"
    items = "<ul><li>a week, and no more - ever</li><li><code>x</code></li></ul>"
    assert html_of(text) == f"<p>Kept:</p>{items}<p>No list - this</p>"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_rejects_other_methods(api: Api, method: str) -> None:
    response = api.call(method, "/api/docs/", {"name": "x"})
    assert problem_of(response, 405)["code"] == "method_not_allowed"
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_answers_options_and_head_and_needs_the_final_slash(client: Client, api: Api) -> None:
    response = api.call("OPTIONS", "/api/docs/")
    assert (response.status_code, response["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert client.head("/api/docs/").status_code == 200
    assert client.get("/api/docs").status_code == 404
