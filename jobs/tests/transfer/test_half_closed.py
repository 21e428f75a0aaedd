"""Half-closed clients, such as `nc -N`, get their response; those that are gone end it."""

import socket
import time
from threading import Timer
from time import monotonic

import pytest

from jobs.filters import JobFilter
from jobs.tests.benchmark.test_benchmark import same_database  # noqa: F401  # a fixture
from jobs.tests.factories import fill, make_job
from jobs.tests.feed.test_streams import STREAM, EventServer, served  # noqa: F401  # a fixture
from jobs.transfer.export import Export
from jobs.transfer.formats import Format

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_half_closed_client_gets_the_whole_export() -> None:
    fill(2)
    slow = Format("text/csv", "id, pg_sleep(0.3)", "FORMAT csv", lambda rows: rows)
    here, there = socket.socketpair()
    there.shutdown(socket.SHUT_WR)
    probes: list[bool] = []
    with here, there:
        export = Export(JobFilter(), slow, 60, here.fileno(), lambda: probes.append(True))
        assert b"".join(export).count(b"\n") == 2
    assert probes == [True]


def test_a_half_closed_client_that_disconnects_is_noticed() -> None:
    fill(2)
    slow = Format("text/csv", "id, pg_sleep(10)", "FORMAT csv", lambda rows: rows)
    here, there = socket.socketpair()
    there.shutdown(socket.SHUT_WR)
    leaving = Timer(0.3, there.close)
    leaving.start()
    began = monotonic()
    with here, pytest.raises(BrokenPipeError):
        Export(JobFilter(), slow, 60, here.fileno(), lambda: None)
    assert monotonic() - began < 9


def half_closed(port: int, query: str, version: str = "1.1") -> socket.socket:
    """A half-closed connection that waits for events."""
    client = socket.create_connection(("127.0.0.1", port), timeout=30)
    client.sendall(f"GET /api/events/{query} HTTP/{version}\r\nHost: localhost\r\n\r\n".encode())
    client.shutdown(socket.SHUT_WR)
    return client


@pytest.mark.parametrize(
    ("version", "first"), [("1.1", b"HTTP/1.1 100 Continue"), ("1.0", b"HTTP/1.1 200 OK")]
)
def test_a_half_closed_poll_gets_its_response(
    served: EventServer,  # noqa: F811
    version: str,
    first: bytes,
) -> None:
    with half_closed(served.port, f"?after={served.cursor()}&wait=20", version) as client:
        text = client.recv(65536) if version == "1.1" else b""  # the interim response
        time.sleep(0.5)
        make_job("Wing")
        while more := client.recv(65536):
            text += more
    assert text.startswith(first)
    assert text.count(b"HTTP/1.1 200 OK") == 1
    assert b'"name":"Wing"' in text


def test_a_poll_that_disconnects_releases_its_slot_at_once(served: EventServer) -> None:  # noqa: F811
    cursor = served.cursor()
    polls = [half_closed(served.port, f"?after={cursor}&wait=30") for _ in range(60)]
    end = time.monotonic() + 15
    while served.ask("/api/events/", STREAM).status == 200:
        assert time.monotonic() < end
        time.sleep(0.05)
    for poll in polls:
        poll.close()
    end = time.monotonic() + 15
    while served.ask("/api/events/", STREAM).status != 200:
        assert time.monotonic() < end
        time.sleep(0.05)
