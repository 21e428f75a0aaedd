"""Clients that will say nothing more, as `nc -N` asks, and those that have gone: the one gets its answer, the other ends it."""

import socket
import time
from threading import Timer
from time import monotonic

import pytest

from jobs.exporting import Export
from jobs.filters import JobFilter
from jobs.tests.factories import fill, make_job
from jobs.tests.test_benchmark import same_database  # noqa: F401  # a fixture
from jobs.tests.test_event_streams import STREAM, Served, served  # noqa: F401  # a fixture
from jobs.written import Format

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_reader_that_has_said_all_is_given_everything() -> None:
    fill(2)
    slow = Format("text/csv", "id, pg_sleep(0.3)", "FORMAT csv", lambda rows: rows)
    here, there = socket.socketpair()
    there.shutdown(socket.SHUT_WR)
    knocks: list[bool] = []
    with here, there:
        export = Export(JobFilter(), slow, 60, here.fileno(), lambda: knocks.append(True))
        assert b"".join(export).count(b"\n") == 2
    assert knocks == [True]


def test_a_reader_that_has_said_all_and_then_goes_is_noticed() -> None:
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


def said_all(port: int, query: str, version: str = "1.1") -> socket.socket:
    """A connection that has asked for events and will say nothing more."""
    client = socket.create_connection(("127.0.0.1", port), timeout=30)
    client.sendall(f"GET /api/events/{query} HTTP/{version}\r\nHost: localhost\r\n\r\n".encode())
    client.shutdown(socket.SHUT_WR)
    return client


@pytest.mark.parametrize(
    ("version", "first"), [("1.1", b"HTTP/1.1 100 Continue"), ("1.0", b"HTTP/1.1 200 OK")]
)
def test_who_will_say_nothing_more_gets_its_answer(
    served: Served,  # noqa: F811
    version: str,
    first: bytes,
) -> None:
    with said_all(served.port, f"?after={served.cursor()}&wait=20", version) as client:
        text = client.recv(65536) if version == "1.1" else b""  # the interim answer: it waits
        time.sleep(0.5)
        make_job("Wing")
        while more := client.recv(65536):
            text += more
    assert text.startswith(first)
    assert text.count(b"HTTP/1.1 200 OK") == 1
    assert b'"name":"Wing"' in text


def test_who_has_gone_leaves_its_place_at_once(served: Served) -> None:  # noqa: F811
    cursor = served.cursor()
    questions = [said_all(served.port, f"?after={cursor}&wait=30") for _ in range(60)]
    end = time.monotonic() + 15
    while served.ask("/api/events/", STREAM).status == 200:
        assert time.monotonic() < end
        time.sleep(0.05)
    for question in questions:
        question.close()
    end = time.monotonic() + 15
    while served.ask("/api/events/", STREAM).status != 200:
        assert time.monotonic() < end
        time.sleep(0.05)
