"""One id names a request in its response, in the log and in the database."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from jobs.tests.factories import database_rows
from jobs.tests.served import Server, served
from jobs.tests.waiting import eventually
from project.logs import Json, Text
from project.tracing import begin, working

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
OWN = "SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()"
MADE = re.compile(r"[0-9a-f]{24}")
ID = re.compile(r"\r\nX-Request-ID: (.*)\r\n")


@pytest.fixture(autouse=True)
def no_request() -> Iterator[None]:
    yield
    working.request_id = working.trace_id = working.method = working.path = ""
    working.comment = b""


def ids(server: Server, given: str, path: str = "/api/") -> list[str]:
    found: list[str] = ID.findall(
        server.ask(f"GET {path} HTTP/1.1\nX-Request-ID: {given}").decode()
    )
    return found


def test_a_well_formed_id_is_taken_over(server: Server) -> None:
    for given in ("abc", "A-1.2_3~4+5/6=7@8:9", "x" * 128):
        for path in ("/api/", "/api/jobs/", "/api/jobs/0/", "/api/nothing/", "/api/health/live/"):
            assert ids(server, given, path) == [given]


def test_other_ids_are_replaced_by_new_ones(server: Server) -> None:
    wrong = ("", "x" * 129, "a b", "*/ DROP", "a\tb", "'", '"', "a;b", "a,b")
    made = [each for given in wrong for each in ids(server, given)]
    assert len(set(made)) == len(wrong)
    assert all(MADE.fullmatch(each) for each in made)


def test_a_statement_names_its_request(db: None) -> None:
    begin({"HTTP_X_REQUEST_ID": "abc", "REQUEST_METHOD": "GET", "PATH_INFO": "/"})
    assert database_rows(OWN) == [(f"{OWN} /* request_id=abc */",)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", ["a'b"])
        assert cursor.fetchone() == ("a'b",)
        cursor.executemany("SELECT %s", [["a"], ["b"]])


FORGED = "\r\n2026-12-01 00:00:00,000 ERROR forged\x1b[31m\x85\u2028\u202e\ud800"


def test_a_line_for_people_cannot_be_forged() -> None:
    begin({"HTTP_X_REQUEST_ID": "abc", "REQUEST_METHOD": "GET", "PATH_INFO": "/"})
    record = logging.LogRecord("name", logging.ERROR, "", 0, "GET /%s", (f"é{FORGED}",), None)
    [line] = Text().format(record).splitlines()
    assert r"/é\r\n2026-12-01 00:00:00,000 ERROR forged\x1b[31m\x85\u2028\u202e\ud800" in line
    assert line.endswith(" [abc]")


def test_a_traceback_cannot_forge_a_line() -> None:
    try:
        raise ValueError(FORGED)
    except ValueError:
        record = logging.LogRecord("name", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    [_, *traceback] = Text().format(record).split("\n")
    assert traceback[-1].startswith("  2026")
    assert all(line.startswith("  ") and line.isprintable() for line in traceback)


def test_a_line_cannot_be_forged() -> None:
    begin({"REQUEST_METHOD": "GET", "PATH_INFO": '/a"\r\n{"level":"INFO"}\u2028'})
    record = logging.LogRecord("name", logging.ERROR, "", 0, "%s", ('"\n\r\x1b[31m\u2028}',), None)
    line = Json().format(record)
    assert line.isascii()
    assert "\n" not in line
    assert json.loads(line)["message"] == '"\n\r\x1b[31m\u2028}'
    assert json.loads(line)["path"] == working.path


@pytest.fixture
def server(tmp_path: Path, transactional_db: None) -> Iterator[Server]:
    with served(tmp_path, LOG_FORMAT="json", LOG_REQUESTS="yes") as server:
        yield server


def test_a_server_logs_objects(server: Server) -> None:
    head = f"GET /api/jobs/?q=secret HTTP/1.1\nX-Request-ID: abc\ntraceparent: 00-{TRACE}-00f067aa0ba902b7-01"
    assert b"\r\nX-Request-ID: abc\r\n" in server.ask(head)

    def lines() -> list[dict[str, object]]:
        """Without what Python itself prints before the server starts."""
        log = server.log.read_text().splitlines()
        return [json.loads(line) for line in log if line.startswith("{")]

    [entry] = eventually(lambda: [each for each in lines() if each.get("path") == "/api/jobs/"])
    assert (entry["request_id"], entry["trace_id"]) == ("abc", TRACE)
    assert (entry["method"], entry["path"], entry["level"]) == ("GET", "/api/jobs/", "INFO")
    assert "secret" not in server.log.read_text()
    assert "gunicorn.error" in {each["logger"] for each in lines()}
    names = database_rows(
        "SELECT DISTINCT application_name FROM pg_stat_activity WHERE application_name LIKE 'jobs%'"
    )
    assert ("jobs-web",) in names
