"""The hub of the change feed, in this process, with socket pairs as its clients' connections."""

import socket
from collections.abc import Callable, Iterator
from time import monotonic, sleep
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import connection
from pytest_django import Settings

from jobs.api.events import clients, hub
from jobs.api.events.clients import Client, LongPoll, Stream
from jobs.api.events.hub import Hub
from jobs.feed import NOW, START, Events, read_events, resolve_cursor
from jobs.tests.factories import database_rows, fill, make_job

pytestmark = pytest.mark.django_db(transaction=True)

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

    def join(after: str = NOW, wait: float | None = None, limit: int = 10) -> socket.socket:
        ours, theirs = socket.socketpair()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        ours.settimeout(5)
        ends.append(ours)
        assert one_hub.reserve()
        client: Client
        if wait is None:
            client = Stream(theirs, resolve_cursor(after), HEAD)
        else:
            client = LongPoll(theirs, resolve_cursor(after), HEAD, wait, limit)
        one_hub.add(client)
        return ours

    yield join
    for end in ends:
        end.close()


def read_until(end: socket.socket, until: bytes) -> bytes:
    """The data received up to the text, or up to the end of the connection."""
    text = b""
    while until not in text:
        more = end.recv(65536)
        if not more:
            return text
        text += more
    return text


def read_to_end(end: socket.socket) -> bytes:
    return read_until(end, b"never sent")


def wait_for(condition: Callable[[], object]) -> None:
    end = monotonic() + 20
    while not condition():
        assert monotonic() < end
        sleep(0.02)


def test_one_query_serves_all_clients_at_a_cursor(join: Join, monkeypatch: Any) -> None:
    asked: list[str] = []

    def read(after: str, limit: int) -> Events:
        asked.append(after)
        return read_events(after, limit)

    monkeypatch.setattr(hub, "read_events", read)
    streams = [join() for _ in range(40)]
    for stream in streams:
        read_until(stream, b"\n\n")
    sleep(0.5)
    asked.clear()
    make_job("Wing")
    for stream in streams:
        assert b'"name":"Wing"' in read_until(stream, b"data")
    assert len(asked) < 40


def test_a_stream_starts_at_its_cursor_and_catches_up(join: Join) -> None:
    fill(1_200)
    text, stream = b"", join(START)
    while text.count(b"data: ") < 1_200:
        more = stream.recv(65536)
        assert more
        text += more
    assert text.startswith(HEAD + b"\r\nretry: 2000\n:\nid: ")
    cursors = [line for line in text.split(b"\n") if line.startswith(b"id: ")]
    assert len(set(cursors)) == len(cursors)


def test_heartbeats_keep_an_idle_stream_alive(join: Join, monkeypatch: Any) -> None:
    monkeypatch.setattr(clients, "HEARTBEAT_SECONDS", 0.3)
    stream = join()
    first = read_until(stream, b"\n\n").split(b"id: ")[1]
    database_rows("SELECT pg_current_xact_id()")  # another transaction, without an event
    later = read_until(stream, b"\n\n")
    assert later.startswith(b":\nid: ")
    assert b"data" not in later
    # The position never advances past the last event: nothing on disk would back it.
    assert int(later.split(b"-")[1]) == int(first.split(b"-")[1])


def test_the_first_event_completes_a_poll(join: Join) -> None:
    start = resolve_cursor(NOW)
    poll = join(wait=20)
    sleep(0.3)
    make_job("Wing")
    head, body = read_to_end(poll).split(b"\r\n\r\n")
    assert body.count(b"\n") == 1
    assert b"Content-Length: %d\r\n" % len(body) in head + b"\r\n"
    assert start.encode() not in head
    assert b"Feed-Cursor: " in head


def test_a_poll_respects_its_limit_and_returns_the_cursor(join: Join) -> None:
    poll = join(wait=20, limit=2)
    sleep(0.3)
    fill(5)
    head, body = read_to_end(poll).split(b"\r\n\r\n")
    assert body.count(b"\n") == 2
    cursor = head.split(b"Feed-Cursor: ")[1].split(b"\r\n")[0]
    assert body.splitlines()[1].startswith(b'{"id":"' + cursor)


def test_a_poll_without_events_ends_in_time(join: Join) -> None:
    began = monotonic()
    assert read_to_end(join(wait=0.5)).endswith(b"Content-Length: 0\r\n\r\n")
    assert monotonic() - began > 0.4


def test_a_stalled_client_is_dropped_and_the_others_get_everything(
    one_hub: Hub, join: Join, monkeypatch: Any
) -> None:
    monkeypatch.setattr(clients, "STALL_SECONDS", 3)
    slow, quick = join(), join()
    read_until(quick, b"\n\n")
    fill(3_000)
    text = b""
    while text.count(b"data: ") < 3_000:
        more = quick.recv(65536)
        assert more, "it was dropped too"
        text += more
    wait_for(lambda: one_hub._reserved == 1)
    assert read_to_end(slow).count(b"data: ") < 3_000


def test_disconnected_clients_are_dropped_and_polling_stops(
    one_hub: Hub, join: Join, monkeypatch: Any
) -> None:
    ends = [join() for _ in range(5)] + [join(wait=20)]
    for end in ends[:5]:
        read_until(end, b"\n\n")
    for end in ends:
        end.close()
    wait_for(lambda: one_hub._reserved == 0)
    monkeypatch.setattr(hub, "read_events", None)
    pool = connection.pool  # type: ignore[attr-defined]

    def only_this_thread_holds_a_connection() -> bool:
        numbers = pool.get_stats()
        return bool(numbers["pool_size"] - numbers["pool_available"] <= 1)

    wait_for(only_this_thread_holds_a_connection)


def test_a_half_closed_poll_gets_its_response(one_hub: Hub, join: Join, monkeypatch: Any) -> None:
    monkeypatch.setattr(one_hub, "_run_once", rounds := Mock(wraps=one_hub._run_once))
    poll = join(wait=20)
    poll.shutdown(socket.SHUT_WR)
    sleep(1)
    # The end of its input does not wake the thread repeatedly.
    assert rounds.call_count < 200
    make_job("Wing")
    interim, head, body = read_to_end(poll).split(b"\r\n\r\n")
    assert interim == b"HTTP/1.1 100 Continue"
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b'"name":"Wing"' in body
    wait_for(lambda: one_hub._reserved == 0)


def test_a_half_closed_poll_gets_a_long_response(one_hub: Hub, join: Join) -> None:
    poll = join(wait=20, limit=500)
    poll.shutdown(socket.SHUT_WR)
    sleep(0.3)
    fill(500)
    assert read_to_end(poll).count(b"job.created") == 500
    wait_for(lambda: one_hub._reserved == 0)


def test_limits_the_number_of_clients(one_hub: Hub, settings: Settings) -> None:
    settings.FEED_CLIENTS = 2
    assert [one_hub.reserve() for _ in range(3)] == [True, True, False]
    one_hub.release()
    assert one_hub.reserve()


def test_stopping_ends_every_response_cleanly(one_hub: Hub, join: Join) -> None:
    stream, poll = join(), join(wait=20)
    read_until(stream, b"\n\n")
    sleep(0.3)
    one_hub.stop(0)
    assert read_to_end(stream).startswith(b":\nid: ")
    assert read_to_end(poll).endswith(b"Content-Length: 0\r\n\r\n")
    assert not one_hub.reserve()


def test_a_reset_feed_sends_cursor_gone_to_its_streams(join: Join) -> None:
    stream = join()
    read_until(stream, b"\n\n")
    database_rows("TRUNCATE job CASCADE")
    assert b"\nevent: cursor_gone\n" in read_until(stream, b"}\n\n")
    make_job("Wing")
    assert b"\nevent: job.created\n" in read_until(stream, b"}\n\n")


def test_streams_recover_from_a_database_outage(join: Join, monkeypatch: Any) -> None:
    monkeypatch.setattr(hub, "RETRY_SECONDS", 0.2)
    stream = join()
    read_until(stream, b"\n\n")
    sleep(0.3)
    database_rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    make_job("After")
    assert b'"name":"After"' in read_until(stream, b"data")


def test_an_internal_error_disconnects_the_clients(join: Join, monkeypatch: Any) -> None:
    monkeypatch.setattr(hub, "read_events", lambda *words: 1 / 0)
    read_until(stream := join(), b"\n\n")
    read_to_end(stream)
    monkeypatch.setattr(hub, "read_events", read_events)
    read_until(stream := join(), b"\n\n")
    make_job()
    assert b"job.created" in read_until(stream, b"data")
