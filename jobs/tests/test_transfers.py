"""Exports and imports over real connections, to and from clients that go away, stall and break off."""

import socket
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from jobs.api.transfers import RESET
from jobs.models import Job
from jobs.tests.factories import database_rows, fill
from jobs.tests.served import (
    Server,
    begun,
    copies_at_work,
    everything,
    is_broken,
    problem_in,
    served,
    soon,
)
from jobs.tests.test_retries_at_once import locked

MANY = 30_000
EXPORT = "GET /api/jobs/export/ HTTP/1.1"
IMPORT = "POST /api/jobs/import/ HTTP/1.1\nContent-Type: application/x-ndjson"
LAST_CHUNK = b"\r\n0\r\n\r\n"


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """Its budget for a question is below what these tests take."""
    with served(tmp_path, QUERY_BUDGET_MS="1500", TRANSFER_STALL_SECONDS="30") as server:
        yield server


@pytest.fixture
def impatient(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """With clients that send or take nothing."""
    with served(tmp_path, TRANSFER_STALL_SECONDS="3", IMPORT_SECONDS="5") as server:
        yield server


@pytest.fixture
def watched(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """Its budget, and the time in which its worker must be heard of, are below what the test takes."""
    with served(tmp_path, GUNICORN_CMD_ARGS="--timeout 3", QUERY_BUDGET_MS="1500") as server:
        yield server


def fill_past_all_buffers() -> None:
    """More text than the sockets between the database and a client hold."""
    fill(MANY, name="Sweep" * 50)


def rows_of(answer: bytes) -> int:
    return answer.count(b'{"id":')


def test_an_export_outlasts_budget_and_timeout_while_others_are_served(watched: Server) -> None:
    fill_past_all_buffers()
    with watched.send(EXPORT + "\nConnection: close") as slow:
        parts, ends = [slow.recv(1 << 14)], monotonic() + 6
        while (
            monotonic() < ends
        ):  # slowly, past the budget of a question and the timeout of a worker
            parts.append(slow.recv(1 << 14))
            sleep(0.1)
            assert b" 200 OK" in watched.get("/api/health/")
        answer = b"".join(parts) + everything(slow)
    assert answer.endswith(LAST_CHUNK)
    assert rows_of(answer) == MANY
    assert "WORKER TIMEOUT" not in watched.log.read_text()


def test_when_the_client_goes_the_copy_is_cancelled_and_its_connection_serves_on(
    server: Server,
) -> None:
    fill_past_all_buffers()
    for _ in range(6):  # more than there are slots, threads or connections
        client = server.send(EXPORT)
        begun(client)
        assert copies_at_work() == 1
        client.close()
        assert soon(lambda: copies_at_work() == 0)
    answer = server.get("/api/jobs/export/?format=csv")
    assert answer.endswith(LAST_CHUNK)
    assert "Traceback" not in server.log.read_text()


def test_a_client_that_will_say_nothing_more_gets_the_whole_export(server: Server) -> None:
    """As `nc -N` asks: while rows come, and while they are still waited for."""
    fill_past_all_buffers()
    with server.send(EXPORT) as client:
        client.shutdown(socket.SHUT_WR)
        answer = everything(client)
    assert (rows_of(answer), answer.endswith(LAST_CHUNK)) == (MANY, True)
    for version, first in (
        ("1.1", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200"),
        ("1.0", b"HTTP/1.0 200"),
    ):
        with locked("job", "ACCESS EXCLUSIVE"):
            client = server.send(EXPORT.replace("1.1", version))
            client.shutdown(socket.SHUT_WR)
            assert soon(lambda: copies_at_work() == 1)
            sleep(0.3)
        with client:
            answer = everything(client)
        assert answer.startswith(first)
        assert rows_of(answer) == MANY
    written = server.log.read_text()
    assert "Traceback" not in written
    assert "[ERROR]" not in written


@pytest.mark.parametrize("by_reset", [False, True])
def test_a_client_that_goes_before_the_first_row_ends_the_copy_and_is_no_fault(
    server: Server, by_reset: bool
) -> None:
    fill(3)
    with locked("job", "ACCESS EXCLUSIVE"):
        client = server.send(EXPORT)
        assert soon(lambda: copies_at_work() == 1)
        if by_reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        client.close()
        assert soon(lambda: copies_at_work() == 0, seconds=4)
    assert server.get("/api/jobs/export/?format=csv").endswith(LAST_CHUNK)
    written = server.log.read_text()
    assert "Traceback" not in written
    assert "ERROR" not in written


def test_a_client_that_takes_nothing_is_given_up(impatient: Server) -> None:
    fill_past_all_buffers()
    with impatient.send(EXPORT) as client:
        begun(client)
        assert soon(lambda: is_broken(client))
        assert soon(lambda: copies_at_work() == 0)
        with pytest.raises(ConnectionResetError):
            everything(client)


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_an_error_in_the_middle_breaks_the_connection_off(server: Server, version: str) -> None:
    fill_past_all_buffers()
    with server.send(f"GET /api/jobs/export/ HTTP/{version}") as client:
        begun(client)
        database_rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE '%COPY%' AND pid <> pg_backend_pid()"
        )
        with pytest.raises(ConnectionResetError):
            everything(client)
    assert b" 200 OK" in server.get("/api/health/")


def test_past_half_of_the_threads_exports_and_imports_are_told_to_come_again(
    server: Server,
) -> None:
    fill_past_all_buffers()
    second, first = server.send(IMPORT + "\nContent-Length: 100"), server.send(EXPORT)
    assert soon(lambda: copies_at_work() == 1)
    with first, second:
        assert soon(lambda: b" 503 " in server.ask(IMPORT + "\nContent-Length: 0"))
        for head in (EXPORT, IMPORT + "\nContent-Length: 0"):
            answer = server.ask(head)
            assert b"HTTP/1.1 503" in answer
            assert b"\r\nRetry-After: " in answer
            assert problem_in(answer)["code"] == "busy"
        assert b" 200 OK" in server.get("/api/jobs/?page_size=1")
    assert soon(lambda: b" 200 OK" in server.get("/api/jobs/export/?q=nothing"))
    assert soon(lambda: b"HTTP/1.1 201" in server.ask(IMPORT + "\nContent-Length: 0"))


def test_an_import_comes_in_chunks_slower_than_the_budget(server: Server) -> None:
    with server.send(IMPORT + "\nTransfer-Encoding: chunked\nConnection: close") as client:
        for number in range(8):
            line = b'{"name": "Sweep %d"}\n' % number
            client.sendall(b"%x\r\n%s\r\n" % (len(line), line))
            sleep(0.2)
        waiting = "state LIKE 'idle in transaction%' AND datname = current_database()"
        assert database_rows(f"SELECT pid FROM pg_stat_activity WHERE {waiting}") == []
        client.sendall(b"0\r\n\r\n")
        assert b"HTTP/1.1 201" in everything(client)
    assert list(Job.objects.order_by("id").values_list("name", flat=True)) == [
        f"Sweep {number}" for number in range(8)
    ]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Content-Length: 100000", b'{"name": "Wing"}\n'),
        ("Content-Length: 100000", b'{"name": "Wing"}\n' * 5_000),
        ("Transfer-Encoding: chunked", b'11\r\n{"name": "Wing"}\n\r\n'),
        ("Transfer-Encoding: chunked", b'11\r\n{"name": "Wing"}\n\r\n0\r\n'),
        ("Transfer-Encoding: chunked", b'11\r\n{"name": "Wing"}\nxx'),
        ("Transfer-Encoding: chunked", b'ffffff\r\n{"name": "Wing"}\n'),
    ],
)
def test_a_body_that_breaks_off_leaves_nothing(server: Server, headers: str, body: bytes) -> None:
    with server.send(f"{IMPORT}\n{headers}", body) as client:
        client.shutdown(socket.SHUT_WR)
        answer = everything(client)
    assert b"HTTP/1.1 400" in answer
    assert problem_in(answer)["code"] == "body_incomplete"
    assert Job.objects.count() == 0
    assert b'"created":0' in server.ask(IMPORT + "\nContent-Length: 0")


@pytest.mark.parametrize("pause", [0.05, 30])
def test_a_body_that_comes_too_slowly_leaves_nothing(impatient: Server, pause: float) -> None:
    """By trickling past the deadline, and by stalling."""
    began = monotonic()
    with impatient.send(f"{IMPORT}\nContent-Length: 100000", b'{"name": "Wing"}\n') as client:
        client.settimeout(pause)
        answer = b""
        while not answer:
            try:
                answer = client.recv(1 << 16)
            except TimeoutError:
                client.sendall(b"\n")
    assert b"HTTP/1.1 408" in answer
    assert monotonic() - began < 25
    assert Job.objects.count() == 0
