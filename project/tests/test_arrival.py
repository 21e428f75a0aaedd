"""What the worker makes of the bytes of a request, however they are cut."""

import socket
from collections.abc import Callable
from itertools import pairwise
from threading import Event
from unittest.mock import Mock
from urllib.parse import unquote_to_bytes

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from project.arrival import (
    BODY_BYTES,
    CHUNK_LINE_BYTES,
    HEAD_BYTES,
    LINE_BYTES,
    LONG,
    LONG_BODY_BYTES,
    STREAMED,
    Arrival,
    Stage,
)
from project.connection import KEPT_BYTES, Connection
from project.worker import Threads, Worker

HEAD = b"POST /api/jobs/ HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
WHOLE = HEAD + b"Content-Length: 5\r\n\r\nwhole"
IMPORT = HEAD.replace(b"jobs/", b"jobs/import/")


def arrived(text: bytes, cuts: tuple[int, ...] = ()) -> Arrival:
    arrival = Arrival()
    for begin, end in pairwise([0, *cuts, len(text)]):
        arrival.take(text[begin:end])
    return arrival


REQUESTS = {
    WHOLE: WHOLE,
    WHOLE + WHOLE: WHOLE + WHOLE,
    b"\r\n\r\n" + WHOLE: WHOLE,
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    CHUNKED + b"1\r\nw\r\n4\r\nhole\r\n0\r\n\r\n": WHOLE,
    CHUNKED + b"5\r\nwhole\r\n0\r\n\r\n" + WHOLE: WHOLE + WHOLE,
    CHUNKED.replace(b"chunked", b"Chunked ") + b"05\r\nwhole\r\n0\r\n\r\n": WHOLE,
    CHUNKED + b"0\r\n\r\n": HEAD + b"Content-Length: 0\r\n\r\n",
    CHUNKED + b"000000005\r\nwhole\r\n0\r\n\r\n": WHOLE,
    CHUNKED + b"5;name=value\r\nwhole\r\n0\r\n\r\n": WHOLE,
    CHUNKED + b'5 ; name="a;b"\r\nwhole\r\n0;last\r\n\r\n': WHOLE,
    CHUNKED + b"5\r\nwhole\r\n0\r\nTrailer: 1\r\n\r\n" + WHOLE: WHOLE + WHOLE,
    CHUNKED + b"5\r\nwhole\r\n0\r\nTrailer: 1\r\nOther: 2\r\n\r\n": WHOLE,
}


@given(st.sampled_from(list(REQUESTS)), st.lists(st.integers(0, 120), max_size=6))
def test_a_request_is_whole_with_its_last_byte_however_it_is_cut(
    text: bytes, cuts: list[int]
) -> None:
    places = tuple(sorted(cut for cut in cuts if cut <= len(text)))
    arrival = arrived(text, places)
    assert arrival.stage is Stage.COMPLETE
    assert arrival.request() == REQUESTS[text]


@pytest.mark.parametrize("text", [text for text, wanted in REQUESTS.items() if wanted == WHOLE])
def test_a_request_is_not_whole_before_its_last_byte(text: bytes) -> None:
    for end in range(1, len(text)):
        assert arrived(text[:end]).stage in {Stage.NOTHING, Stage.HEAD, Stage.BODY}, text[:end]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
        HEAD + b"Content-Length: +5\r\n\r\n",
        CHUNKED.replace(b"1.1", b"1.0"),
    ],
)
def test_what_looks_odd_in_a_head_goes_to_the_parser_as_it_came(text: bytes) -> None:
    arrival = arrived(text)
    assert arrival.stage is Stage.COMPLETE
    assert arrival.request() == text


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"x" * HEAD_BYTES, Stage.HEAD_TOO_LARGE),
        (HEAD + b"Content-Length: %d\r\n\r\n" % (BODY_BYTES + 1), Stage.BODY_TOO_LARGE),
        (HEAD + b"Content-Length: %s\r\n\r\n" % (b"9" * 5_000), Stage.BODY_TOO_LARGE),
        (CHUNKED + b"%x\r\n" % (BODY_BYTES + 1), Stage.BODY_TOO_LARGE),
        (CHUNKED + b"123456789\r\n", Stage.BODY_TOO_LARGE),
        (CHUNKED + b"9" * 5_000 + b"\r\n", Stage.BODY_TOO_LARGE),
        (CHUNKED + b"5" * (CHUNK_LINE_BYTES + 1), Stage.MALFORMED),
        (CHUNKED + b"5;bare=\n\r\nwhole\r\n0\r\n\r\n", Stage.MALFORMED),
        (CHUNKED + b"5\r\nwhole\r\n0\r\nTrailer: 1\n\r\n\r\n", Stage.MALFORMED),
        (CHUNKED + b"0x5\r\nwhole\r\n0\r\n\r\n", Stage.MALFORMED),
        (CHUNKED + b"5\r\nwhole!!0\r\n\r\n", Stage.MALFORMED),
        (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n", Stage.UNKNOWN_CODING),
        (IMPORT + b"Transfer-Encoding: gzip, chunked\r\n\r\n", Stage.UNKNOWN_CODING),
        (CHUNKED + b"0\r\nX: " + b"x" * HEAD_BYTES, Stage.HEAD_TOO_LARGE),
        (CHUNKED + b"1\r\nw\r\n" * (BODY_BYTES + 1), Stage.BODY_TOO_LARGE),
        (HEAD + b"Content-Length: %d\r\n\r\n" % BODY_BYTES, Stage.BODY),
        (
            HEAD.replace(b"POST", b"PATCH") + b"Content-Length: %d\r\n\r\n" % LONG_BODY_BYTES,
            Stage.BODY,
        ),
    ],
)
def test_a_body_that_cannot_be_taken_is_known_before_its_end(text: bytes, stage: Stage) -> None:
    assert arrived(text).stage is stage


def test_a_client_that_waits_for_an_interim_answer_is_noticed() -> None:
    waiting = arrived(HEAD + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    assert waiting.stage is Stage.BODY
    assert waiting.awaits_continue
    assert not arrived(WHOLE[:-1]).awaits_continue
    older = HEAD.replace(b"1.1", b"1.0") + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    assert arrived(older).stage is Stage.BODY
    assert not arrived(older).awaits_continue


def test_the_addresses_of_long_bodies_are_the_api_s() -> None:
    assert STREAMED.match(f"POST {reverse('api:import')} ".encode())
    assert LONG.match(f"PATCH {reverse('api:jobs')} ".encode())


FORMS = ["{}", "http://localhost{}", "HTTPS://a.example:8000{}", "{}?on_error=skip", "{}#part"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "spell", [str, lambda path: path.replace("j", "%6a"), lambda path: path.replace("o", "%6F")]
)
def test_a_request_belongs_to_its_address_however_that_is_written(
    form: str, spell: Callable[[str], str]
) -> None:
    def asked(method: str, path: str) -> Arrival:
        line = f"{method} {form.format(spell(path))} HTTP/1.1\r\n"
        return arrived(line.encode() + b"Content-Length: %d\r\n\r\n" % LONG_BODY_BYTES)

    assert asked("POST", "/api/jobs/import/").is_streamed
    assert asked("PATCH", "/api/jobs/").stage is Stage.BODY
    assert asked("PATCH", "/api/jobs/5/").stage is Stage.BODY_TOO_LARGE
    lanes = {
        path: asked("GET", path).lane for path in ("/api/jobs/", "/api/schema/", "/api/health/")
    }
    assert lanes == {"/api/jobs/": None, "/api/schema/": "static", "/api/health/": "health"}
    assert asked("DELETE", "/api/jobs/5/").lane == "change"
    assert asked("GET", "/jobs/5/").wants_page
    assert not asked("GET", "/api/jobs/5/").wants_page


def test_the_address_of_a_head_that_drips_in_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("project.arrival.unquote_to_bytes", read := Mock(wraps=unquote_to_bytes))
    ours, client = socket.socketpair()
    worker, conn, arrival = Worker.__new__(Worker), Mock(), Arrival()
    worker._arriving, worker._sending, worker._held, worker.nr_conns = {}, {}, 0, 1
    worker.poller = Mock()
    with Connection(ours) as conn.sock, client:
        for part in [b"GET /api/" + b"%41" * 9_000, *[b"%41"] * 50]:
            client.sendall(part)
            worker._receive(conn, arrival)
        assert read.call_count == 0
        client.sendall(b" HTTP/1.1\r\n" + b"x" * HEAD_BYTES)
        while conn in worker._arriving:
            worker._receive(conn, arrival)
        assert arrival.stage is Stage.HEAD_TOO_LARGE
        assert client.recv(1 << 16).startswith(b"HTTP/1.1 431 ")
    assert read.call_count == 1
    assert len(read.call_args[0][0]) <= LINE_BYTES


def test_quitting_drops_the_requests_that_have_no_thread_yet() -> None:
    worker, conn, done = Worker.__new__(Worker), Mock(lane=None), Event()
    worker.tpool, worker._quits = Threads(1), True
    begun = worker.tpool.submit(lambda _: done.wait(30), conn)
    waiting = worker.tpool.submit(lambda _: None, conn)
    with pytest.raises(SystemExit):
        worker.wait_for_and_dispatch_events(1)
    assert waiting.cancelled()
    done.set()
    assert begun.result()


def test_zeros_before_a_length_mean_nothing() -> None:
    assert arrived(HEAD + b"Content-Length: 00000000000000005\r\n\r\nwhole").stage is Stage.COMPLETE


def test_a_thread_waits_for_more_of_a_streamed_body_alone() -> None:
    ours, client = socket.socketpair()
    connection = Connection(ours)
    with connection, client:
        client.sendall(b"more")
        assert connection.recv(2) == b""
        assert connection.recv(2, socket.MSG_DONTWAIT) == b"mo"
        connection.is_streamed = True
        assert connection.recv(2) == b"re"


def test_what_a_client_does_not_read_is_kept_and_sent_later() -> None:
    ours, client = socket.socketpair()
    connection = Connection(ours)
    text = bytes(range(256)) * 8_000
    with connection, client:
        connection.sendall(text)  # would wait for ever
        assert connection.deadline
        received = bytearray()
        while len(received) < len(text):
            received += client.recv(1 << 16)
            connection.send_kept()
        assert received == text
        assert connection.send_kept()
        assert not connection.deadline


def test_more_than_can_be_kept_waits_for_the_client_a_while() -> None:
    ours, client = socket.socketpair()
    connection = Connection(ours)
    connection.settimeout(0.1)
    with connection, client, pytest.raises(TimeoutError):
        connection.sendall(bytes(KEPT_BYTES + 1))
