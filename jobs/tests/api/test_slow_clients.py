"""Clients that send or read slowly, or stall, do not delay others, although the server never disconnects them."""

import re
import select
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.db import transaction

from jobs.models import Job
from jobs.tests.api.requests import (
    HALF_BODY,
    HALF_CHUNKED,
    HEAD,
    JSON,
    POST,
    REST_OF_BODY,
    send_part,
)
from jobs.tests.factories import make_job
from jobs.tests.served import Server, read_all, served

CHUNKS = POST + b"Transfer-Encoding: chunked\r\n\r\n"
NEVER_ENDING = {
    "an extension": CHUNKS + b'5;name=value\r\n{"na',
    "half an extension": CHUNKS + b"5;name",
    "nine digits": CHUNKS + b'000000005\r\n{"na',
    "a trailer": CHUNKS + b"0\r\nTrailer: 1\r\n",
    "no chunk": CHUNKS + b"size\r\n",
    "no end of a chunk": CHUNKS + b"5\r\nwhole!!",
    "chunks by 1.0": CHUNKS.replace(b"1.1", b"1.0") + b"5\r\nwh",
    "a coding": CHUNKS.replace(b"chunked", b"gzip, chunked") + b"5\r\nwh",
    "chunks and a length": CHUNKS.replace(b"\r\n\r\n", b"\r\nContent-Length: 9\r\n\r\n") + b"5\r\nwh",
    "two lengths": POST + b"Content-Length: 9\r\nContent-Length: 9\r\n\r\nwh",
    "a length with a sign": POST + b"Content-Length: +9\r\n\r\nwh",
    "an upgrade": HEAD + b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: \r\n\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}  # fmt: skip
IMPORT = (
    b"POST /api/jobs/import/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
)
THREADS = 4
NO_TIMEOUTS = {
    "QUERY_BUDGET_MS": "3600000",
    "TRANSFER_STALL_SECONDS": "3600",
    "IMPORT_SECONDS": "3600",
}
MANY = 10 * THREADS


@contextmanager
def warm(folder: Path) -> Iterator[Server]:
    with served(folder, "jobs.tests.api.patient_conf", **NO_TIMEOUTS) as server:
        assert b" 200 OK" in server.get("/api/schema/"), "it is generated once per process, slowly"
        yield server


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    with warm(tmp_path) as server:
        yield server


@pytest.fixture(scope="module")
def one_server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with warm(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture
def shared(one_server: Server, transactional_db: None) -> Server:
    """For tests that leave no requests in threads, except those that are rejected after the client has disconnected."""
    assert b" 200 OK" in one_server.get("/api/health/")
    assert b" 404 " in one_server.ask("DELETE /api/jobs/1/ HTTP/1.1")
    return one_server


def assert_others_are_served(server: Server) -> None:
    for path in ["/api/health/", "/api/jobs/", "/api/health/", "/api/schema/"]:
        assert b" 200 OK" in server.get(path)
    assert b" 404 " in server.ask("DELETE /api/jobs/1/ HTTP/1.1"), "changes have other threads"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (b"", HEAD + b"\r\n"),
        (HEAD, b"\r\n"),
        (HALF_BODY, REST_OF_BODY),
        (HALF_CHUNKED, b"\r\n8\r\n" + REST_OF_BODY + b"\r\n0\r\n\r\n"),
    ],
    ids=["nothing", "half a head", "half a body", "half of the chunks"],
)
def test_partial_requests_do_not_delay_others(
    shared: Server, stack: ExitStack, text: bytes, rest: bytes
) -> None:
    clients = [send_part(shared, stack, text) for _ in range(MANY)]
    assert_others_are_served(shared)
    for client in clients[:10]:
        client.sendall(rest)
    for client in clients[:10]:
        assert read_all(client).startswith((b"HTTP/1.1 200", b"HTTP/1.1 201"))


@pytest.mark.parametrize("text", NEVER_ENDING.values(), ids=NEVER_ENDING)
def test_incomplete_bodies_hold_no_thread(shared: Server, stack: ExitStack, text: bytes) -> None:
    for _ in range(MANY):
        send_part(shared, stack, text)
    assert_others_are_served(shared)
    assert not Job.objects.exists()


def test_chunks_with_extensions_and_trailers_are_read(shared: Server, stack: ExitStack) -> None:
    head = POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    client = send_part(shared, stack, head + b'9;name="a;b"\r\n{"name": ')
    assert_others_are_served(shared)
    client.sendall(b"\r\n8 ; b=c\r\n" + REST_OF_BODY + b"\r\n0\r\nTrailer: 1\r\n")
    assert_others_are_served(shared)
    client.sendall(b"\r\n")
    assert read_all(client).startswith(b"HTTP/1.1 201 ")
    [job] = Job.objects.all()
    assert job.name == "Whole"


@pytest.mark.parametrize(
    ("text", "status"),
    [("no chunk", 400), ("no end of a chunk", 400), ("a coding", 501)],
)
def test_malformed_chunks_end_the_connection(
    shared: Server, stack: ExitStack, text: str, status: int
) -> None:
    client = send_part(shared, stack, NEVER_ENDING[text] + HEAD + b"\r\n")
    answers = read_all(client)
    assert answers.startswith(b"HTTP/1.1 %d " % status)
    assert b"Connection: close" in answers
    assert answers.count(b"HTTP/1.1 ") == 1


def test_changes_that_wait_for_a_lock_do_not_block_reads(server: Server, stack: ExitStack) -> None:
    job = make_job()
    body = b'{"status_type": "RUNNING"}'
    head = b"PATCH /api/jobs/%d/ HTTP/1.1\r\n" % job.pk + JSON
    with transaction.atomic():
        Job.objects.select_for_update().get(pk=job.pk)
        waiting = [
            send_part(server, stack, head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            for _ in range(MANY)
        ]
        for path in ("/api/jobs/", f"/api/jobs/{job.pk}/", "/api/jobs/counts/"):
            assert b" 200 OK" in server.get(path)
        answered, _, _ = select.select(waiting, [], [], 0)
    assert answered == []


def test_slow_imports_use_only_half_of_the_threads(server: Server, stack: ExitStack) -> None:
    """The server does not read the bodies of rejected imports."""
    for _ in range(MANY):
        send_part(server, stack, IMPORT + b'Content-Length: 1000\r\n\r\n{"name": ')
    assert_others_are_served(server)


def test_clients_that_do_not_read_hold_no_thread(server: Server, stack: ExitStack) -> None:
    question = b"GET /api/schema/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for _ in range(4 * THREADS):
        send_part(server, stack, 60 * question)
    assert_others_are_served(server)


def test_a_client_that_reads_late_gets_all_responses(shared: Server, stack: ExitStack) -> None:
    question = b"GET /api/schema/ HTTP/1.1\r\nHost: localhost\r\n"
    client = send_part(
        shared, stack, 29 * (question + b"\r\n") + question + b"Connection: close\r\n\r\n"
    )
    assert_others_are_served(shared)
    answers = read_all(client)
    assert answers.count(b"HTTP/1.1 200 OK") == 30
    undated = re.sub(rb"\r\n(?:Date|X-Request-ID): [^\r]*", b"", answers)
    assert len(set(undated.split(b"HTTP/1.1 200 OK")[1:])) == 2, (
        "only the last has Connection: close"
    )


def test_a_client_that_does_not_close_does_not_delay_others(
    shared: Server, stack: ExitStack
) -> None:
    for _ in range(2 * THREADS):
        client = send_part(shared, stack, HEAD + b"\r\n")
        assert b" 200 OK" in read_all(client)
    assert_others_are_served(shared)


def test_pipelined_requests_are_both_served(shared: Server, stack: ExitStack) -> None:
    client = send_part(shared, stack, HEAD.replace(b"close", b"keep-alive") + b"\r\n" + HEAD)
    client.sendall(b"\r\n")
    assert read_all(client).count(b" 200 OK") == 2
