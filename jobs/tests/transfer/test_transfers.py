"""Exports and imports over real connections, with clients that disconnect, stall or send incomplete bodies."""

import socket
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest

from jobs.api.transfers.connection import RESET
from jobs.models import Job
from jobs.tests.blocking import endless_reads, locked
from jobs.tests.factories import database_rows, fill
from jobs.tests.served import (
    Server,
    active_copies,
    answer_to_trickle,
    problem_in,
    read_all,
    read_head,
    served,
    was_reset,
)
from jobs.tests.waiting import eventually

MANY = 30_000
EXPORT = "GET /api/jobs/export/ HTTP/1.1"
IMPORT = "POST /api/jobs/import/ HTTP/1.1\nContent-Type: application/x-ndjson"
LAST_CHUNK = b"\r\n0\r\n\r\n"
LONG_COPIES = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE '%COPY%' AND pid <> pg_backend_pid()
        AND state = 'active' AND clock_timestamp() - query_start > interval '6 seconds'
"""


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """With a statement timeout below the duration of these tests."""
    with served(tmp_path, QUERY_BUDGET_MS="1500", TRANSFER_STALL_SECONDS="30") as server:
        yield server


@pytest.fixture
def impatient(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """With short timeouts for stalled clients."""
    with served(tmp_path, TRANSFER_STALL_SECONDS="3", IMPORT_SECONDS="5") as server:
        yield server


@pytest.fixture
def watched(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """With a statement timeout and a worker timeout below the duration of the test."""
    with served(tmp_path, GUNICORN_CMD_ARGS="--timeout 3", QUERY_BUDGET_MS="1500") as server:
        yield server


def fill_past_all_buffers() -> None:
    """Creates more data than the socket buffers between the database and a client hold."""
    fill(MANY, name="Sweep" * 50)


def rows_of(answer: bytes) -> int:
    return answer.count(b'{"id":')


def test_an_export_outlasts_both_timeouts_while_others_are_served(watched: Server) -> None:
    fill_past_all_buffers()

    def outlasts_both() -> bool:
        assert b" 200 OK" in watched.get("/api/health/")
        return database_rows(LONG_COPIES) == [(1,)]

    with watched.send(EXPORT + "\nConnection: close") as slow:
        start = slow.recv(1 << 14)
        eventually(outlasts_both)
        answer = start + read_all(slow)
    assert answer.endswith(LAST_CHUNK)
    assert rows_of(answer) == MANY
    assert "WORKER TIMEOUT" not in watched.log.read_text()


def test_a_disconnect_cancels_the_copy_and_keeps_the_database_connection(
    server: Server,
) -> None:
    fill_past_all_buffers()
    for _ in range(6):  # more than there are slots, threads or database connections
        client = server.send(EXPORT)
        read_head(client)
        assert active_copies() == 1
        client.close()
        eventually(lambda: active_copies() == 0)
    answer = server.get("/api/jobs/export/?format=csv")
    assert answer.endswith(LAST_CHUNK)
    assert "Traceback" not in server.log.read_text()


def test_a_half_closed_client_gets_the_whole_export(server: Server) -> None:
    """As with `nc -N`: while rows arrive, and while the export still waits for the first."""
    fill_past_all_buffers()
    with server.send(EXPORT) as client:
        client.shutdown(socket.SHUT_WR)
        answer = read_all(client)
    assert (rows_of(answer), answer.endswith(LAST_CHUNK)) == (MANY, True)
    for version, first in (
        ("1.1", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200"),
        ("1.0", b"HTTP/1.0 200"),
    ):
        with locked("job", "ACCESS EXCLUSIVE"):
            client = server.send(EXPORT.replace("1.1", version))
            client.shutdown(socket.SHUT_WR)
            eventually(lambda: active_copies() == 1)
            if version == "1.1":
                assert client.recv(1 << 12, socket.MSG_PEEK), "the interim response"
        with client:
            answer = read_all(client)
        assert answer.startswith(first)
        assert rows_of(answer) == MANY
    written = server.log.read_text()
    assert "Traceback" not in written
    assert "[ERROR]" not in written


@pytest.mark.parametrize("by_reset", [False, True])
def test_a_disconnect_before_the_first_row_cancels_the_copy_without_an_error(
    server: Server, by_reset: bool
) -> None:
    fill(3)
    with endless_reads():
        client = server.send(EXPORT)
        eventually(lambda: active_copies() == 1)
        if by_reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        client.close()
        eventually(lambda: active_copies() == 0)
    assert server.get("/api/jobs/export/?format=csv").endswith(LAST_CHUNK)
    written = server.log.read_text()
    assert "Traceback" not in written
    assert "ERROR" not in written


def test_a_client_that_reads_nothing_is_reset(impatient: Server) -> None:
    fill_past_all_buffers()
    with impatient.send(EXPORT) as client:
        read_head(client)
        eventually(lambda: was_reset(client))
        eventually(lambda: active_copies() == 0)
        with pytest.raises(ConnectionResetError):
            read_all(client)


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_an_error_in_the_middle_resets_the_connection(server: Server, version: str) -> None:
    fill_past_all_buffers()
    with server.send(f"GET /api/jobs/export/ HTTP/{version}") as client:
        read_head(client)
        database_rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE '%COPY%' AND pid <> pg_backend_pid()"
        )
        with pytest.raises(ConnectionResetError):
            read_all(client)
    assert b" 200 OK" in server.get("/api/health/")


def test_exports_and_imports_over_the_limit_get_a_503(
    server: Server,
) -> None:
    fill_past_all_buffers()
    second, first = server.send(IMPORT + "\nContent-Length: 100"), server.send(EXPORT)
    eventually(lambda: active_copies() == 1)
    with first, second:
        eventually(lambda: b" 503 " in server.ask(IMPORT + "\nContent-Length: 0"))
        for head in (EXPORT, IMPORT + "\nContent-Length: 0"):
            answer = server.ask(head)
            assert b"HTTP/1.1 503" in answer
            assert b"\r\nRetry-After: " in answer
            assert problem_in(answer)["code"] == "busy"
        assert b" 200 OK" in server.get("/api/jobs/?page_size=1")
    eventually(lambda: b" 200 OK" in server.get("/api/jobs/export/?q=nothing"))
    eventually(lambda: b"HTTP/1.1 201" in server.ask(IMPORT + "\nContent-Length: 0"))


def test_an_import_in_chunks_may_outlast_the_statement_timeout(server: Server) -> None:
    with server.send(IMPORT + "\nTransfer-Encoding: chunked\nConnection: close") as client:
        for number in range(8):
            line = b'{"name": "Sweep %d"}\n' % number
            client.sendall(b"%x\r\n%s\r\n" % (len(line), line))
            sleep(0.2)  # the client's pace
        waiting = "state LIKE 'idle in transaction%' AND datname = current_database()"
        assert database_rows(f"SELECT pid FROM pg_stat_activity WHERE {waiting}") == []
        client.sendall(b"0\r\n\r\n")
        assert b"HTTP/1.1 201" in read_all(client)
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
def test_an_incomplete_body_imports_nothing(server: Server, headers: str, body: bytes) -> None:
    with server.send(f"{IMPORT}\n{headers}", body) as client:
        client.shutdown(socket.SHUT_WR)
        answer = read_all(client)
    assert b"HTTP/1.1 400" in answer
    assert problem_in(answer)["code"] == "body_incomplete"
    assert Job.objects.count() == 0
    assert b'"created":0' in server.ask(IMPORT + "\nContent-Length: 0")


@pytest.mark.parametrize("pause", [0.05, 30])
def test_a_slow_body_imports_nothing(impatient: Server, pause: float) -> None:
    """A body that trickles past the deadline, and one that stalls."""
    with impatient.send(f"{IMPORT}\nContent-Length: 100000", b'{"name": "Wing"}\n') as client:
        answer = answer_to_trickle(client, b"\n", pause)
    assert b"HTTP/1.1 408" in answer
    assert Job.objects.count() == 0
