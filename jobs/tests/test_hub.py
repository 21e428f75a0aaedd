"""The thread that writes to everybody who waits: here in this process, its clients at the other ends of socket pairs."""

import socket
from collections.abc import Callable, Iterator
from time import monotonic, sleep
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import connection
from pytest_django import Settings

from jobs.api import clients, hub
from jobs.api.clients import Client, Poll, Stream
from jobs.api.hub import Hub
from jobs.feed import NOW, START, Events, beginning, read_events
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
    """A stream's or a poll's end of the connection."""
    ends = []

    def join(after: str = NOW, wait: float | None = None, limit: int = 10) -> socket.socket:
        ours, theirs = socket.socketpair()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        ours.settimeout(5)
        ends.append(ours)
        assert one_hub.reserve()
        client: Client
        if wait is None:
            client = Stream(theirs, beginning(after), HEAD)
        else:
            client = Poll(theirs, beginning(after), HEAD, wait, limit)
        one_hub.take(client)
        return ours

    yield join
    for end in ends:
        end.close()


def heard(end: socket.socket, until: bytes) -> bytes:
    """All that came up to the text; up to the end where that comes first."""
    text = b""
    while until not in text:
        more = end.recv(65536)
        if not more:
            return text
        text += more
    return text


def to_the_end(end: socket.socket) -> bytes:
    return heard(end, b"never said")


def wait_for(condition: Callable[[], object]) -> None:
    end = monotonic() + 20
    while not condition():
        assert monotonic() < end
        sleep(0.02)


def test_all_who_wait_hear_of_an_event_by_one_question(join: Join, monkeypatch: Any) -> None:
    asked: list[str] = []

    def read(after: str, limit: int) -> Events:
        asked.append(after)
        return read_events(after, limit)

    monkeypatch.setattr(hub, "read_events", read)
    streams = [join() for _ in range(40)]
    for stream in streams:
        heard(stream, b"\n\n")
    sleep(0.5)
    asked.clear()
    make_job("Wing")
    for stream in streams:
        assert b'"name":"Wing"' in heard(stream, b"data")
    assert len(asked) < 40


def test_a_stream_begins_where_it_is_told_and_catches_up(join: Join) -> None:
    fill(1_200)
    text, stream = b"", join(START)
    while text.count(b"data: ") < 1_200:
        more = stream.recv(65536)
        assert more
        text += more
    assert text.startswith(HEAD + b"\r\nretry: 2000\n:\nid: ")
    cursors = [line for line in text.split(b"\n") if line.startswith(b"id: ")]
    assert len(set(cursors)) == len(cursors)


def test_a_silent_stream_is_kept_alive_where_it_is(join: Join, monkeypatch: Any) -> None:
    monkeypatch.setattr(clients, "HEARTBEAT_SECONDS", 0.3)
    stream = join()
    first = heard(stream, b"\n\n").split(b"id: ")[1]
    database_rows("SELECT pg_current_xact_id()")  # somebody did something else
    later = heard(stream, b"\n\n")
    assert later.startswith(b":\nid: ")
    assert b"data" not in later
    # Never a mere number above the last event: nothing on disk would vouch for it.
    assert int(later.split(b"-")[1]) == int(first.split(b"-")[1])


def test_a_question_is_answered_by_the_first_event_and_ends(join: Join) -> None:
    begin = beginning(NOW)
    question = join(wait=20)
    sleep(0.3)
    make_job("Wing")
    head, body = to_the_end(question).split(b"\r\n\r\n")
    assert body.count(b"\n") == 1
    assert b"Content-Length: %d\r\n" % len(body) in head + b"\r\n"
    assert begin.encode() not in head
    assert b"Feed-Cursor: " in head


def test_a_question_gets_no_more_than_it_asked_for_and_the_cursor_behind_it(join: Join) -> None:
    question = join(wait=20, limit=2)
    sleep(0.3)
    fill(5)
    head, body = to_the_end(question).split(b"\r\n\r\n")
    assert body.count(b"\n") == 2
    cursor = head.split(b"Feed-Cursor: ")[1].split(b"\r\n")[0]
    assert body.splitlines()[1].startswith(b'{"id":"' + cursor)


def test_a_question_without_an_answer_ends_in_time(join: Join) -> None:
    began = monotonic()
    assert to_the_end(join(wait=0.5)).endswith(b"Content-Length: 0\r\n\r\n")
    assert monotonic() - began > 0.4


def test_who_takes_nothing_is_dropped_and_the_others_hear_everything(
    one_hub: Hub, join: Join, monkeypatch: Any
) -> None:
    monkeypatch.setattr(clients, "STALLED_SECONDS", 3)
    slow, quick = join(), join()
    heard(quick, b"\n\n")
    fill(3_000)
    text = b""
    while text.count(b"data: ") < 3_000:
        more = quick.recv(65536)
        assert more, "it was dropped too"
        text += more
    wait_for(lambda: one_hub._places == 1)
    assert to_the_end(slow).count(b"data: ") < 3_000


def test_who_has_left_is_forgotten_and_the_database_is_left_alone(
    one_hub: Hub, join: Join, monkeypatch: Any
) -> None:
    ends = [join() for _ in range(5)] + [join(wait=20)]
    for end in ends[:5]:
        heard(end, b"\n\n")
    for end in ends:
        end.close()
    wait_for(lambda: one_hub._places == 0)
    monkeypatch.setattr(hub, "read_events", None)
    pool = connection.pool  # type: ignore[attr-defined]

    def only_this_thread_has_one() -> bool:
        numbers = pool.get_stats()
        return bool(numbers["pool_size"] - numbers["pool_available"] <= 1)

    wait_for(only_this_thread_has_one)


def test_a_question_is_answered_though_nothing_more_will_be_said(
    one_hub: Hub, join: Join, monkeypatch: Any
) -> None:
    monkeypatch.setattr(one_hub, "_round", rounds := Mock(wraps=one_hub._round))
    question = join(wait=20)
    question.shutdown(socket.SHUT_WR)
    sleep(1)
    # The end of what it says does not wake the thread again and again.
    assert rounds.call_count < 200
    make_job("Wing")
    interim, head, body = to_the_end(question).split(b"\r\n\r\n")
    assert interim == b"HTTP/1.1 100 Continue"
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b'"name":"Wing"' in body
    wait_for(lambda: one_hub._places == 0)


def test_a_long_answer_reaches_who_will_say_nothing_more(one_hub: Hub, join: Join) -> None:
    question = join(wait=20, limit=500)
    question.shutdown(socket.SHUT_WR)
    sleep(0.3)
    fill(500)
    assert to_the_end(question).count(b"job.created") == 500
    wait_for(lambda: one_hub._places == 0)


def test_there_is_a_limit(one_hub: Hub, settings: Settings) -> None:
    settings.FEED_CLIENTS = 2
    assert [one_hub.reserve() for _ in range(3)] == [True, True, False]
    one_hub.release()
    assert one_hub.reserve()


def test_stopping_ends_every_answer_in_good_order(one_hub: Hub, join: Join) -> None:
    stream, question = join(), join(wait=20)
    heard(stream, b"\n\n")
    sleep(0.3)
    one_hub.stop(0)
    assert to_the_end(stream).startswith(b":\nid: ")
    assert to_the_end(question).endswith(b"Content-Length: 0\r\n\r\n")
    assert not one_hub.reserve()


def test_a_feed_that_begins_anew_says_so_on_its_streams(join: Join) -> None:
    stream = join()
    heard(stream, b"\n\n")
    database_rows("TRUNCATE job CASCADE")
    assert b"\nevent: cursor_gone\n" in heard(stream, b"}\n\n")
    make_job("Wing")
    assert b"\nevent: job.created\n" in heard(stream, b"}\n\n")


def test_a_database_that_was_away_costs_a_pause(join: Join, monkeypatch: Any) -> None:
    monkeypatch.setattr(hub, "PAUSE_AFTER_FAILURE_SECONDS", 0.2)
    stream = join()
    heard(stream, b"\n\n")
    sleep(0.3)
    database_rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    make_job("After")
    assert b'"name":"After"' in heard(stream, b"data")


def test_a_mistake_of_ours_leaves_nobody_waiting_for_ever(join: Join, monkeypatch: Any) -> None:
    monkeypatch.setattr(hub, "read_events", lambda *words: 1 / 0)
    heard(stream := join(), b"\n\n")
    to_the_end(stream)
    monkeypatch.setattr(hub, "read_events", read_events)
    heard(stream := join(), b"\n\n")
    make_job()
    assert b"job.created" in heard(stream, b"data")
