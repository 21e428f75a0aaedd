"""What the lock files name: no known vulnerability and no licence comes in unnoticed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from project.local import advisories, licences
from project.local.licences import Package


def test_only_allowed_licences_come_in() -> None:
    found = licences.everything()
    assert len(found) > 300
    assert not {each.url: each.refused for each in found if each.refused}


@pytest.mark.parametrize(
    ("licence", "refused"),
    [
        ("MIT", set()),
        ("(MIT OR CC0-1.0)", set()),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", set()),
        ("GPL-3.0-or-later", {"GPL-3.0-or-later"}),
        ("MIT OR AGPL-3.0-only", {"AGPL-3.0-only"}),
        ("", {"none is stated"}),
    ],
)
def test_another_licence_is_refused(licence: str, refused: set[str]) -> None:
    assert Package("npm", "new", "1.0.0", licence).refused == refused


def test_the_bill_of_materials_is_that_of_the_lock_files() -> None:
    """`make lock` writes it."""
    text = licences.BILL.read_text()
    assert text == licences.bill_of_materials()
    assert "://" not in text
    shipped = {each["purl"].partition("@")[0] for each in json.loads(text)["components"]}
    assert {"pkg:pypi/django", "pkg:npm/react", "pkg:npm/htmx.org"} <= shipped
    assert not shipped & {"pkg:pypi/pytest", "pkg:npm/vite"}


@contextmanager
def advisories_of(vulnerable: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """A service that knows one advisory, about this package; the queries that it gets."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.extend(body["queries"])
            results: list[dict[str, Any]] = [
                {"vulns": [{"id": "TEST-1"}]} if query["package"]["name"] == vulnerable else {}
                for query in body["queries"]
            ]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"results": results}).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(advisories, "SERVICE", f"http://127.0.0.1:{server.server_port}")
        yield asked
        server.shutdown()


def test_an_advisory_about_a_locked_package_fails_the_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with advisories_of("django", monkeypatch) as asked:
        passed, text = advisories.check()
        assert not passed
        assert "(PyPI): TEST-1" in text
        assert {each["package"]["ecosystem"] for each in asked} == {"PyPI", "npm"}
        assert all(each["version"] for each in asked)
        monkeypatch.setitem(advisories.ACCEPTED, "TEST-1", "an example")
        assert advisories.check()[0]
    with advisories_of("nothing", monkeypatch):
        assert advisories.check()[0]


def test_without_the_service_the_check_says_so_and_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advisories, "SERVICE", "http://127.0.0.1:1")
    passed, text = advisories.check()
    assert passed
    assert "Not checked: the service cannot be reached" in text
