"""The hub in this process, with socket pairs as its clients' connections, and a served change feed."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from jobs.access.watch import Claim
from jobs.api.events.clients import Client, LongPoll, Stream
from jobs.api.events.hub import Hub
from jobs.feed import resolve_cursor
from jobs.feed_cursor import NOW
from jobs.tests.feed.event_server import EventServer
from jobs.tests.served import served

HEAD = b"HTTP/1.1 200 OK\r\n"
Join = Callable[..., socket.socket]


@pytest.fixture
def one_hub() -> Iterator[Hub]:
    pool = connection.pool  # type: ignore[attr-defined]  # PostgreSQL's wrapper has one
    pool.resize(1, 5)
    found = Hub()
    yield found
    found.stop()


@pytest.fixture
def join(one_hub: Hub) -> Iterator[Join]:
    """Adds a stream or a long poll, and returns the client's end of its connection."""
    ends = []

    def join(
        after: str = NOW,
        wait: float | None = None,
        limit: int = 10,
        claim: Claim | None = None,
    ) -> socket.socket:
        ours, theirs = socket.socketpair()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        ours.settimeout(60)
        ends.append(ours)
        assert one_hub.reserve()
        client: Client
        if wait is None:
            client = Stream(theirs, resolve_cursor(after), HEAD)
        else:
            client = LongPoll(theirs, resolve_cursor(after), HEAD, wait, limit)
        one_hub.add(client, claim)
        return ours

    yield join
    for end in ends:
        end.close()


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[EventServer]:
    """One worker with four threads, which must end its clients' responses itself when it is stopped."""
    patience = "--graceful-timeout 600"
    with served(tmp_path, FEED_CLIENTS="60", GUNICORN_CMD_ARGS=patience) as server:
        client = EventServer(server)
        yield client
        client.close()
        server.process.terminate()
        server.process.wait(60)
    written = server.log.read_text()
    assert "Traceback" not in written, written
    assert "[ERROR]" not in written, written
