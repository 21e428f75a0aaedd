"""Clients that begin and say no more take nobody else's place."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest

from jobs.models import Job
from jobs.tests.served import Server, everything, problem_in, served
from project.worker import FAREWELL_SECONDS, HEAD_SECONDS

HEAD = b"GET /api/health/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
THREADS = 4
MANY = 10 * THREADS


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    with served(tmp_path) as server:
        yield server


@pytest.fixture
def open_to() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def begun(server: Server, stack: ExitStack, text: bytes) -> socket.socket:
    client = stack.enter_context(server.connect())
    client.sendall(text)
    return client


@pytest.mark.parametrize("text", [b"", HEAD], ids=["nothing", "half a head"])
def test_others_are_answered_at_once(server: Server, open_to: ExitStack, text: bytes) -> None:
    clients = [begun(server, open_to, text) for _ in range(MANY)]
    began = monotonic()
    for _ in range(5):
        assert b" 200 OK" in server.get("/api/health/")
    assert monotonic() - began < HEAD_SECONDS / 2
    rest = b"\r\n" if text else HEAD + b"\r\n"
    for client in clients[:10]:
        client.sendall(rest)
    for client in clients[:10]:
        assert b" 200 OK" in everything(client)


def test_who_does_not_hang_up_holds_up_nobody(server: Server, open_to: ExitStack) -> None:
    for _ in range(5):
        client = begun(server, open_to, HEAD + b"\r\n")
        assert b" 200 OK" in everything(client)
    began = monotonic()
    assert b" 200 OK" in server.get("/api/health/")
    assert monotonic() - began < FAREWELL_SECONDS


def test_a_head_that_does_not_end_is_given_up(server: Server, open_to: ExitStack) -> None:
    client = begun(server, open_to, HEAD)
    began = monotonic()
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    assert HEAD_SECONDS - 1 < monotonic() - began < HEAD_SECONDS + 10


@pytest.mark.parametrize("key", ["", "Idempotency-Key: k\r\n"], ids=["", "with a key"])
def test_a_body_that_stops_coming_is_refused(server: Server, open_to: ExitStack, key: str) -> None:
    head = "POST /api/jobs/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    text = f'{head}{key}Connection: close\r\nContent-Length: 20\r\n\r\n{{"name": "W'
    clients = [begun(server, open_to, text.encode()) for _ in range(THREADS)]
    for client in clients:
        answer = everything(client)
        assert b" 408 " in answer
        assert problem_in(answer)["code"] == "too_slow"
    assert b" 200 OK" in server.get("/api/health/")
    assert not Job.objects.exists()


def test_an_endless_head_is_refused(server: Server, open_to: ExitStack) -> None:
    client = begun(server, open_to, HEAD + b"X-Long: " + b"x" * (1 << 17))
    assert b" 431 " in client.recv(1 << 12)


def test_two_requests_sent_together_are_both_answered(server: Server, open_to: ExitStack) -> None:
    client = begun(server, open_to, HEAD.replace(b"close", b"keep-alive") + b"\r\n" + HEAD)
    client.sendall(b"\r\n")
    assert everything(client).count(b" 200 OK") == 2


def test_who_has_said_nothing_does_not_hold_up_the_end(
    tmp_path: Path, open_to: ExitStack, transactional_db: None
) -> None:
    with served(tmp_path) as server:
        client = begun(server, open_to, b"")
        assert b" 200 OK" in server.get("/api/health/")
        server.process.terminate()
        began = monotonic()
        assert client.recv(1) == b""
        assert monotonic() - began < 5
