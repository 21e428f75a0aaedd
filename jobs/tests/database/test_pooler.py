"""The dashboard behind a transaction pooler: nothing relies on session state of another transaction."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from jobs.advisory_locks import MIGRATE
from jobs.models import Job
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import database_rows, fill
from jobs.tests.pooler import SERVER_CONNECTIONS, pooled
from jobs.tests.served import Server, active_copies, problem_in, read_all, read_head, served
from jobs.tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)

JSON = "Content-Type: application/json"
LINES = "Content-Type: application/x-ndjson"


@pytest.fixture
def address(transactional_db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pooled(tmp_path_factory.mktemp("pooler")) as url:
        yield url


@pytest.fixture
def server(address: str, tmp_path: Path) -> Iterator[Server]:
    """A server with more connections to the pooler than the pooler has to the database."""
    many = {"WEB_THREADS": "12", "DB_POOL_SIZE": "13", "TRANSFERS_AT_ONCE": "8"}
    with served(tmp_path, DATABASE_URL=address, **many) as server:
        yield server


def body_of(answer: bytes) -> Any:
    assert answer.split(b" ")[1] in (b"200", b"201"), answer[:2_000]
    return problem_in(answer)


def ask(server: Server, call: str, body: Any = None, *headers: str) -> Any:
    """The decoded response to `METHOD path`."""
    content = b"" if body is None else json.dumps(body).encode()
    head = [f"{call} HTTP/1.1", JSON, f"Content-Length: {len(content)}", *headers]
    return body_of(server.ask("\n".join(head), content))


def test_imports_of_different_clients_do_not_mix(server: Server) -> None:
    def send(number: int) -> bytes:
        """Every fourth import has an invalid last line, so that its names are staged before it is rejected."""
        lines = [json.dumps({"name": f"Import {number}"})] * 50
        lines += ["{}"] if number % 4 == 0 else []
        content = "\n".join(lines).encode()
        head = f"POST /api/jobs/import/ HTTP/1.1\n{LINES}\nContent-Length: {len(content)}"
        return server.ask(head, content).split(b" ")[1]

    with ThreadPoolExecutor(SERVER_CONNECTIONS * 2) as clients:
        statuses = list(clients.map(send, range(160)))
    assert Counter(statuses) == {b"201": 120, b"400": 40}
    found = Counter(Job.objects.values_list("name", flat=True))
    assert found == {f"Import {number}": 50 for number in range(160) if number % 4}
    assert_consistent()


def test_a_job_is_created_changed_found_and_deleted(server: Server) -> None:
    made = ask(server, "POST /api/jobs/", {"name": "Wing sweep"}, "Idempotency-Key: made-once")
    assert (
        ask(server, "POST /api/jobs/", {"name": "Wing sweep"}, "Idempotency-Key: made-once") == made
    )
    path = f"/api/jobs/{made['id']}/"
    moved = ask(server, f"PATCH {path}", {"status_type": "RUNNING"})
    undone = ask(server, f"POST {path}undo/", {"updated_at": moved["updated_at"]})
    assert undone["current_status"] == "PENDING"
    many = {"jobs": [{"id": made["id"], "status_type": "FAILED"}]}
    assert ask(server, "PATCH /api/jobs/", many)
    for query in ("", "?q=wing", "?search=wi&ordering=name", "?q=created:%3C1h&status=FAILED"):
        assert ask(server, f"GET /api/jobs/{query}")["results"][0]["current_status"] == "FAILED"
    assert ask(server, "GET /api/jobs/counts/")["by_status"]["FAILED"] == 1
    assert ask(server, f"GET {path}statuses/")["count"] == 4
    assert ask(server, "GET /api/health/") == {"status": "ok", "feed": {"behind_seconds": 0.0}}
    for page in ("/", "/?q=wing"):  # the fragment, which does not need built islands
        answer = server.ask(f"GET {page} HTTP/1.1\nHX-Request: true\nHX-Request-Type: partial")
        assert b" 200 OK" in answer, server.log.read_text()
        assert b"Wing sweep" in answer
    start = re.search(rb"(?i)feed-cursor: (\S+)", server.get("/api/events/"))
    assert start
    ask(server, f"PATCH {path}", {"name": "Tail sweep"})
    events = server.get(f"/api/events/?wait=5&after={start[1].decode()}")
    assert b'"job.renamed"' in events, events
    assert b" 204 " in server.ask(f"DELETE {path} HTTP/1.1")
    assert b" 404 " in server.get(path)


def test_exports_are_complete_and_end_when_the_client_disconnects(
    server: Server, address: str
) -> None:
    fill(30_000, name="Sweep" * 50)
    for _ in range(SERVER_CONNECTIONS + 2):
        client = server.send("GET /api/jobs/export/ HTTP/1.1")
        read_head(client)
        client.close()
    eventually(lambda: active_copies() == 0)
    with server.send("GET /api/jobs/export/ HTTP/1.0") as client:
        assert read_all(client).count(b'{"id":') == 30_000
    with psycopg.connect(
        address, autocommit=True
    ) as direct:  # no session has kept the limits of an export
        for _ in range(SERVER_CONNECTIONS * 2):
            assert direct.execute("SHOW statement_timeout").fetchone() == ("0",)


def test_concurrent_requests_with_one_key_create_once(server: Server) -> None:
    def create(_: int) -> bytes:
        head = f"POST /api/jobs/ HTTP/1.1\n{JSON}\nIdempotency-Key: once\nContent-Length: 16"
        return server.ask(head, b'{"name": "Wing"}').split(b" ")[1]

    with ThreadPoolExecutor(8) as clients:
        statuses = set(clients.map(create, range(40)))
    assert statuses <= {b"201", b"409"}
    assert Job.objects.count() == 1


def test_migrations_exclude_each_other_and_leave_no_lock(address: str) -> None:
    def migrating() -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "project.migrate"]
        environment = {"DATABASE_URL": address}
        return subprocess.Popen(
            words, cwd=settings.BASE_DIR, env=os.environ | environment, stdout=subprocess.DEVNULL
        )

    for _ in range(2):
        with migrating() as first, migrating() as second:
            assert (first.wait(60), second.wait(60)) == (0, 0)
    assert database_rows(f"SELECT pg_try_advisory_xact_lock({MIGRATE})") == [(True,)]
