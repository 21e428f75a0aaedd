"""Whatever a text contains, it is text in every page, file, header and line of a log."""

import csv
import json
import logging
import re
from html.parser import HTMLParser
from io import StringIO
from typing import Any, Final
from urllib.parse import quote

import pytest
from django.test import Client

from jobs.names import CLOSING, OPENING
from jobs.operations.changes import Request, create_operation
from jobs.operations.rows import Action
from jobs.operations.selection import Selection
from jobs.tests.conftest import Api
from jobs.tests.hostile import LINES, PLAIN, TEXTS
from jobs.tests.pages.html import PARTIAL, page
from jobs.tests.transfer.files import export
from jobs.transfer.csv_guards import unguard

pytestmark = pytest.mark.django_db

Element = tuple[str, tuple[str, ...]]
ADDRESSES: Final = ("href", "src", "action", "hx-get", "hx-post", "formaction", "xlink:href")
JSON_BLOCK: Final = ("id", "type")
NAMED: Final = ("aria-label", "title", "alt")
"""Attributes whose values are read or shown."""
FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]")


class Parts(HTMLParser):
    """The elements of a page with the names of their attributes, and the values that matter."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.addresses: list[str] = []
        self.shown: list[str] = []
        self._in_title = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title"
        self.elements.append((tag, tuple(sorted(name for name, _ in attrs))))
        self.addresses += [value or "" for name, value in attrs if name in ADDRESSES]
        self.shown += [value or "" for name, value in attrs if name in NAMED]

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.shown.append(data)
            self._in_title = False

    def handle_comment(self, data: str) -> None:
        self.elements.append(("!--", ()))


def expect_harmless(html: str) -> None:
    """Nothing of a text is an element or an attribute, an address elsewhere, or turns the text around it."""
    found = Parts(html)
    assert len(found.elements) > 3
    for tag, names in found.elements:
        assert not [name for name in names if name.startswith("on")]
        assert tag != "script" or "src" in names or names == JSON_BLOCK
        assert tag not in {"img", "mark", "!--"}
    for address in found.addresses:
        assert re.match(r"/(?![/\\])|#|\?|$", address), address
    for text in found.shown:
        assert not turns_around(text), text


def turns_around(text: str) -> bool:
    """Whether an override of the direction, or the end of an isolation, is outside of one."""
    depth = 0
    for character in text:
        if depth == 0 and character in "\u202d\u202e\u2069":
            return True
        depth += (character in OPENING) - (character == CLOSING)
    return depth != 0


class Told:
    """A job that has the text everywhere, another one in the trash, an operation and a view."""

    def __init__(self, api: Api, text: str, in_line: str) -> None:
        body = {"name": text, "key": in_line, "labels": {"team": in_line}}
        self.id = made(api.post("/api/jobs/", body), 201)["id"]
        change = {"status_type": "FAILED", "reason": text}
        made(api.patch(f"/api/jobs/{self.id}/", change), 200)
        self.other = made(api.post("/api/jobs/", {"name": text}), 201)["id"]
        gone = made(api.post("/api/jobs/", {"name": text}), 201)["id"]
        api.delete(f"/api/jobs/{gone}/")
        selection = Selection.stored(f'"{PLAIN}"', None, None, None, ())
        request = Request(Action("set_status"), {"status_type": "FAILED"}, text)
        self.operation = create_operation(request, selection, False).id
        made(api.post("/api/views/", {"name": in_line[:40], "ordering": "name"}), 201)
        self.pages = {
            "list": "/",
            "job": f"/jobs/{self.id}/",
            "peek": f"/jobs/{self.id}/peek/",
            "deleted job": f"/jobs/{gone}/",
            "comparison": f"/compare/?ids={self.id},{self.other}",
            "trash": "/trash/",
            "live list": f"/live/?ids={self.id},{self.other},{gone}",
            "live job": f"/live/jobs/{self.id}/",
            "operations": "/operations/",
            "operation": f"/operations/{self.operation}/",
            "new operation": f"/operations/new/?ids={self.id},{self.other}",
        }


def made(response: Any, status: int) -> Any:
    assert response.status_code == status, response.content
    return json.loads(response.content)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_is_no_markup_in_any_page(kind: str, client: Client, api: Api) -> None:
    for name, path in Told(api, TEXTS[kind], LINES.get(kind, PLAIN)).pages.items():
        status = 404 if name == "deleted job" else 200
        headers = PARTIAL if name == "peek" else {}
        expect_harmless(page(client, path, status, **headers))


def test_a_text_in_an_address_is_text(client: Client) -> None:
    queries = (
        "q",
        "status",
        "ordering",
        "page_size",
        "cursor",
        "view",
        "tz",
        "from",
        "range",
        "ids",
    )
    for text in TEXTS.values():
        for path in ("/", "/jobs/1/", "/trash/", "/operations/", "/operations/new/", "/compare/"):
            query = "&".join(f"{name}={quote(text)}" for name in queries)
            expect_harmless(client.get(f"{path}?{query}").content.decode())
        expect_harmless(client.get(f"/?q={quote(text)}").content.decode())
        expect_harmless(client.get(f"/{quote(text, safe='')}/").content.decode())


def test_files_have_one_record_for_each_job_and_no_formula(api: Api) -> None:
    texts = list(TEXTS.values())
    for number, text in enumerate(texts):
        in_line = text if text in LINES.values() else PLAIN
        body = {"name": text, "key": f"{in_line[:200]} {number}", "labels": {"team": in_line}}
        made(api.post("/api/jobs/", body), 201)
    listed = api.get("/api/jobs/?page_size=200&ordering=created_at")["results"]
    assert [job["name"] for job in listed] == [text.strip() for text in texts]
    lines = export(api, "ordering=created_at").splitlines()
    assert [json.loads(line) for line in lines] == listed
    rows = csv.DictReader(
        StringIO(export(api, "format=csv&ordering=created_at").decode(), newline="")
    )
    for row, job in zip(rows, listed, strict=True):
        assert not [cell for cell in row.values() if FORMULA.match(cell)]
        assert unguard(row["name"], ",") == job["name"]
        assert unguard(row["key"], ",") == job["key"]


@pytest.mark.parametrize("kind", TEXTS)
def test_no_header_and_no_line_of_the_log_is_broken(
    kind: str, api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    text = quote(TEXTS[kind], safe="")
    for path in (
        f"/api/jobs/export/?format=csv&q={text}",
        f"/api/jobs/export/?format={text}",
        f"/api/jobs/by-key/{text}/",
        f"/api/{text}/",
        f"/{text}/",
        f"/jobs/1?from={text}",
    ):
        response = api.client.get(path)
        b"".join(response)  # an export holds a slot and its transaction until it is read
        for name, value in response.headers.items():
            assert not re.search(r"[\x00-\x1f\x7f]", name + value)
        disposition = response.headers.get("Content-Disposition", "")
        assert re.fullmatch(r'(attachment; filename="jobs-\w+\.csv")?', disposition)
    for record in caplog.records:
        assert not re.search(r"[\x00-\x1f\x7f]", record.getMessage())
