"""The API's documentation as a page: whole, and within the security policy."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from jobs.api.codes import KINDS
from jobs.api.document import document
from jobs.api.mistake_codes import MISTAKES
from jobs.api.openapi import operations
from jobs.reference.calls import groups
from jobs.reference.text import html_of
from jobs.tests.conftest import Api
from jobs.tests.problems import problem_of


class Page(HTMLParser):
    """The ids of a page, its links within itself, and what the security policy would forbid."""

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
        elsewhere = [values.get(name, "") for name in ("src", "href")]
        if (
            tag == "style"
            or (tag == "script" and "src" not in values)
            or any(name == "style" or name.startswith("on") for name in values)
            or any(re.match(r"(\w+:)?//", address) for address in elsewhere)
        ):
            self.forbidden.append(self.get_starttag_text() or tag)


def page(client: Client) -> tuple[str, Page]:
    response = client.get("/api/docs/")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert "'unsafe" not in response["Content-Security-Policy"]
    html = response.content.decode()
    return html, Page(html)


def test_every_call_and_every_code_has_its_place(client: Client) -> None:
    html, parsed = page(client)
    wanted = {operation["operationId"] for operation in operations(document())}
    wanted |= {f"error-{code}" for code in KINDS}
    assert wanted <= set(parsed.ids)
    assert len(parsed.ids) == len(set(parsed.ids))
    assert parsed.anchors <= {*parsed.ids, "main"}
    for code in MISTAKES:
        assert f"<code>{code}</code>" in html
    assert parsed.forbidden == []


def test_a_command_for_each_call_names_the_host_that_was_asked(client: Client) -> None:
    html, _ = page(client)
    assert "curl &#x27;" not in html
    for command in (
        "curl 'http://testserver/api/jobs/?q=turbine+status:failed'",
        "curl -X DELETE 'http://testserver/api/jobs/12/'",
        "curl -X PATCH 'http://testserver/api/jobs/12/'",
    ):
        assert command in html


def test_what_comes_in_lines_is_told_as_its_items() -> None:
    jobs, _ = groups(document())
    calls = {call.id: call for call in jobs.calls}
    into = calls["import_jobs"]
    assert into.body_types == ["application/x-ndjson", "text/csv"]
    assert [field.name for field in into.body][:2] == ["name", "id"]
    assert into.curl[2].endswith("""--data-binary '{"name": "Wing"}'""")
    for name in ("export_jobs", "list_events"):
        [answer] = calls[name].answers
        assert "name" in [field.name for field in answer.fields]


def test_the_calls_of_jobs_come_first_with_what_they_send_and_answer() -> None:
    jobs, service = groups(document())
    assert (jobs.name, service.name) == ("jobs", "service")
    [change] = [call for call in jobs.calls if call.id == "change_job"]
    assert [field.name for field in change.body] == ["status_type", "name"]
    assert change.curl[2].endswith("""-d '{"status_type": "FAILED"}'""")
    [answer] = change.answers
    assert [field.name for field in answer.fields][:3] == ["id", "name", "current_status"]
    assert {"invalid", "not_found", "database_unavailable"} <= {r.code for r in change.refusals}


def test_descriptions_are_text_before_they_are_html() -> None:
    text = "A <b> & `a < b`.\n\n- `x`: one\n- two"
    assert html_of(text) == (
        "<p>A &lt;b&gt; &amp; <code>a &lt; b</code>.</p><ul><li><code>x</code>: one</li><li>two</li></ul>"
    )
    assert html_of("") == ""


def test_an_item_goes_on_in_the_lines_below_it() -> None:
    text = "Kept:\n\n- a week, and no\n  more - ever\n- `x`\n\nNo list\n- this"
    items = "<ul><li>a week, and no more - ever</li><li><code>x</code></li></ul>"
    assert html_of(text) == f"<p>Kept:</p>{items}<p>No list - this</p>"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_only_reading_is_offered(api: Api, method: str) -> None:
    answer = api.call(method, "/api/docs/", {"name": "x"})
    assert problem_of(answer, 405)["code"] == "method_not_allowed"
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_the_page_is_at_its_address_alone(client: Client, api: Api) -> None:
    answer = api.call("OPTIONS", "/api/docs/")
    assert (answer.status_code, answer["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert client.head("/api/docs/").status_code == 200
    assert client.get("/api/docs").status_code == 404
