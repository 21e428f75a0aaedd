"""The hub of the change feed: streams and long polls."""

from time import monotonic
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from jobs.access import watch
from jobs.access.tokens.changes import revoke_token
from jobs.access.watch import Claim, Watch
from jobs.api.events import clients, hub
from jobs.api.events.hub import Hub
from jobs.feed import Events, read_events, resolve_cursor
from jobs.feed_cursor import NOW, START
from jobs.tests.access.tokens.conftest import make_token, make_user
from jobs.tests.factories import database_rows, fill, make_job
from jobs.tests.feed.conftest import HEAD, Join
from jobs.tests.feed.event_server import wait_until_clients_wait
from jobs.tests.feed.received import is_readable, read_to_end, read_until
from jobs.tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    """The hub's clock, which a test can move forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return monotonic() + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (hub, clients):
        monkeypatch.setattr(module, "monotonic", clock)
    return clock


def test_one_query_serves_all_clients_at_a_cursor(join: Join, monkeypatch: Any) -> None:
    with_events: list[str] = []

    def read(after: str, limit: int) -> Events:
        found = read_events(after, limit)
        if found.events:
            with_events.append(after)
        return found

    monkeypatch.setattr(hub, "read_events", read)
    streams = [join() for _ in range(40)]
    for stream in streams:
        read_until(stream, b"\n\n")
    make_job("Wing")
    for stream in streams:
        assert b'"name":"Wing"' in read_until(stream, b"data")
    assert len(with_events) == 1


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
    poll = join(wait=600)
    wait_until_clients_wait()
    make_job("Wing")
    head, body = read_to_end(poll).split(b"\r\n\r\n")
    assert body.count(b"\n") == 1
    assert b"Content-Length: %d\r\n" % len(body) in head + b"\r\n"
    assert start.encode() not in head
    assert b"Feed-Cursor: " in head


def test_a_poll_respects_its_limit_and_returns_the_cursor(join: Join) -> None:
    poll = join(wait=600, limit=2)
    wait_until_clients_wait()
    fill(5)
    head, body = read_to_end(poll).split(b"\r\n\r\n")
    assert body.count(b"\n") == 2
    cursor = head.split(b"Feed-Cursor: ")[1].split(b"\r\n")[0]
    assert body.splitlines()[1].startswith(b'{"id":"' + cursor)


def test_a_poll_without_events_ends_when_its_time_is_up(clock: Clock, join: Join) -> None:
    poll, longer = join(wait=600), join(wait=1200)
    wait_until_clients_wait()
    assert not is_readable(poll)
    clock.ahead = 900
    assert read_to_end(poll).endswith(b"Content-Length: 0\r\n\r\n")
    assert not is_readable(longer)


def test_a_stalled_client_is_dropped_and_the_others_get_everything(
    one_hub: Hub, clock: Clock, join: Join
) -> None:
    slow, quick = join(), join()
    read_until(quick, b"\n\n")
    fill(3_000)
    text = b""
    while text.count(b"data: ") < 3_000:
        more = quick.recv(65536)
        assert more, "it was dropped too"
        text += more
    clock.ahead = clients.STALL_SECONDS + 1
    eventually(lambda: one_hub._reserved == 1)
    assert read_to_end(slow).count(b"data: ") < 3_000


def test_disconnected_clients_are_dropped_and_polling_stops(
    one_hub: Hub, join: Join, monkeypatch: Any
) -> None:
    ends = [join() for _ in range(5)] + [join(wait=600)]
    for end in ends[:5]:
        read_until(end, b"\n\n")
    for end in ends:
        end.close()
    eventually(lambda: one_hub._reserved == 0)
    monkeypatch.setattr(hub, "read_events", None)
    pool = connection.pool  # type: ignore[attr-defined]

    def only_this_thread_holds_a_connection() -> bool:
        numbers = pool.get_stats()
        return bool(numbers["pool_size"] - numbers["pool_available"] <= 1)

    eventually(only_this_thread_holds_a_connection)


def test_limits_the_number_of_clients(one_hub: Hub, settings: Settings) -> None:
    settings.FEED_CLIENTS = 2
    assert [one_hub.reserve() for _ in range(3)] == [True, True, False]
    one_hub.release()
    assert one_hub.reserve()


def test_stopping_ends_every_response_cleanly(one_hub: Hub, join: Join) -> None:
    stream, poll = join(), join(wait=600)
    read_until(stream, b"\n\n")
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
    wait_until_clients_wait()
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


def test_revoked_clients_end_and_the_others_go_on(
    one_hub: Hub, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "CHECK_SECONDS", 0.1)
    quick = Watch()
    monkeypatch.setattr(hub, "watch", quick)
    user = make_user()
    revoked, other = make_token(user), make_token(user)
    ending = [join(claim=Claim(revoked.id, None, None), **kind) for kind in ({}, {"wait": 600})]
    going_on = join(claim=Claim(other.id, None, None))
    read_until(going_on, b"\n\n")
    wait_until_clients_wait()
    revoke_token(revoked.id)
    stream, poll = (read_to_end(end) for end in ending)
    assert stream.endswith(b"\n\n")
    assert poll.endswith(b"Content-Length: 0\r\n\r\n")
    make_job("Wing")
    assert b'"name":"Wing"' in read_until(going_on, b"data")
    going_on.close()
    eventually(lambda: one_hub._reserved == 0)
    eventually(lambda: quick._thread is None)
