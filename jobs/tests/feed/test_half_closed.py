"""Half-closed clients, such as `nc -N`, get the response to their poll; those that are gone release their slot."""

import socket
from typing import Any
from unittest.mock import Mock

import pytest

from jobs.api.events import hub
from jobs.api.events.hub import Hub
from jobs.feed import read_events
from jobs.tests.factories import fill, make_job
from jobs.tests.feed.conftest import Join
from jobs.tests.feed.event_server import STREAM, EventServer, wait_until_clients_wait
from jobs.tests.feed.received import is_readable, read_to_end
from jobs.tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_half_closed_poll_gets_its_response(one_hub: Hub, join: Join, monkeypatch: Any) -> None:
    monkeypatch.setattr(one_hub, "_run_once", rounds := Mock(wraps=one_hub._run_once))
    monkeypatch.setattr(hub, "read_events", reads := Mock(wraps=read_events))
    poll = join(wait=600)
    poll.shutdown(socket.SHUT_WR)
    eventually(lambda: reads.call_count > 5)
    # Between reads, the end of its input does not wake the thread repeatedly.
    assert rounds.call_count < 3 * reads.call_count
    make_job("Wing")
    interim, head, body = read_to_end(poll).split(b"\r\n\r\n")
    assert interim == b"HTTP/1.1 100 Continue"
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b'"name":"Wing"' in body
    eventually(lambda: one_hub._reserved == 0)


def test_a_half_closed_poll_gets_a_long_response(one_hub: Hub, join: Join) -> None:
    poll = join(wait=600, limit=500)
    poll.shutdown(socket.SHUT_WR)
    wait_until_clients_wait()
    fill(500)
    assert read_to_end(poll).count(b"job.created") == 500
    eventually(lambda: one_hub._reserved == 0)


def half_closed(server: EventServer, query: str, version: str = "1.1") -> socket.socket:
    """A half-closed connection that waits for events."""
    client = server.send(f"/api/events/{query}", version)
    client.shutdown(socket.SHUT_WR)
    return client


@pytest.mark.parametrize(
    ("version", "first"), [("1.1", b"HTTP/1.1 100 Continue"), ("1.0", b"HTTP/1.1 200 OK")]
)
def test_a_half_closed_poll_is_served(server: EventServer, version: str, first: bytes) -> None:
    with half_closed(server, f"?after={server.cursor()}&wait=30", version) as client:
        wait_until_clients_wait()
        make_job("Wing")
        text = read_to_end(client)
    assert text.startswith(first)
    assert text.count(b"HTTP/1.1 200 OK") == 1
    assert b'"name":"Wing"' in text


def test_a_poll_that_disconnects_releases_its_slot_at_once(server: EventServer) -> None:
    query = f"?after={server.cursor()}&wait=30"
    with server.send(f"/api/events/{query}") as oldest:
        polls = [half_closed(server, query) for _ in range(60)]
        eventually(lambda: server.ask("/api/events/", STREAM).status == 503)
        for poll in polls:
            poll.close()
        eventually(lambda: server.ask("/api/events/", STREAM).status == 200)
        assert not is_readable(oldest), "none has waited until its end"
