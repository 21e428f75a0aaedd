"""Buffering of requests and responses, however their bytes are split."""

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

from jobs.limits import (
    MAX_BODY_BYTES,
    MAX_BULK_BODY_BYTES,
    MAX_HEAD_BYTES,
    MAX_REQUEST_LINE_BYTES,
)
from project.server.connection import MAX_UNSENT_BYTES, Connection
from project.server.request_buffer import (
    BULK,
    MAX_CHUNK_LINE_BYTES,
    STREAMED,
    RequestBuffer,
    State,
)
from project.server.thread_pools import ThreadPools
from project.server.worker import Worker

HEAD = b"POST /api/jobs/ HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
WHOLE = HEAD + b"Content-Length: 5\r\n\r\nwhole"
IMPORT = HEAD.replace(b"jobs/", b"jobs/import/")


def buffered(text: bytes, cuts: tuple[int, ...] = ()) -> RequestBuffer:
    buffer = RequestBuffer()
    for begin, end in pairwise([0, *cuts, len(text)]):
        buffer.feed(text[begin:end])
    return buffer


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
def test_request_completes_with_its_last_byte_however_it_is_split(
    text: bytes, cuts: list[int]
) -> None:
    valid = tuple(sorted(cut for cut in cuts if cut <= len(text)))
    buffer = buffered(text, valid)
    assert buffer.state is State.COMPLETE
    assert buffer.parser_input() == REQUESTS[text]


@pytest.mark.parametrize("text", [text for text, wanted in REQUESTS.items() if wanted == WHOLE])
def test_request_is_incomplete_before_its_last_byte(text: bytes) -> None:
    for end in range(1, len(text)):
        assert buffered(text[:end]).state in {State.EMPTY, State.HEAD, State.BODY}, text[:end]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
        HEAD + b"Content-Length: +5\r\n\r\n",
        CHUNKED.replace(b"1.1", b"1.0"),
    ],
)
def test_unusual_head_is_passed_to_the_parser_unchanged(text: bytes) -> None:
    buffer = buffered(text)
    assert buffer.state is State.COMPLETE
    assert buffer.parser_input() == text


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"x" * MAX_HEAD_BYTES, State.HEAD_TOO_LARGE),
        (HEAD + b"X: " + b"x" * MAX_HEAD_BYTES + b"\r\n\r\n", State.HEAD_TOO_LARGE),
        (b"GET /?q=" + b"x" * MAX_HEAD_BYTES, State.LINE_TOO_LONG),
        (HEAD + b"Content-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1), State.BODY_TOO_LARGE),
        (HEAD + b"Content-Length: %s\r\n\r\n" % (b"9" * 5_000), State.BODY_TOO_LARGE),
        (CHUNKED + b"%x\r\n" % (MAX_BODY_BYTES + 1), State.BODY_TOO_LARGE),
        (CHUNKED + b"123456789\r\n", State.BODY_TOO_LARGE),
        (CHUNKED + b"9" * 5_000 + b"\r\n", State.BODY_TOO_LARGE),
        (CHUNKED + b"5" * (MAX_CHUNK_LINE_BYTES + 1), State.MALFORMED),
        (CHUNKED + b"5;bare=\n\r\nwhole\r\n0\r\n\r\n", State.MALFORMED),
        (CHUNKED + b"5\r\nwhole\r\n0\r\nTrailer: 1\n\r\n\r\n", State.MALFORMED),
        (CHUNKED + b"0x5\r\nwhole\r\n0\r\n\r\n", State.MALFORMED),
        (CHUNKED + b"5\r\nwhole!!0\r\n\r\n", State.MALFORMED),
        (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n", State.UNKNOWN_CODING),
        (IMPORT + b"Transfer-Encoding: gzip, chunked\r\n\r\n", State.UNKNOWN_CODING),
        (CHUNKED + b"0\r\nX: " + b"x" * MAX_HEAD_BYTES, State.HEAD_TOO_LARGE),
        (CHUNKED + b"1\r\nw\r\n" * (MAX_BODY_BYTES + 1), State.BODY_TOO_LARGE),
        (HEAD + b"Content-Length: %d\r\n\r\n" % MAX_BODY_BYTES, State.BODY),
        (
            HEAD.replace(b"POST", b"PATCH") + b"Content-Length: %d\r\n\r\n" % MAX_BULK_BODY_BYTES,
            State.BODY,
        ),
    ],
)
def test_unacceptable_body_is_detected_before_its_end(text: bytes, stage: State) -> None:
    assert buffered(text).state is stage


def test_detects_a_client_that_expects_100_continue() -> None:
    waiting = buffered(HEAD + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    assert waiting.state is State.BODY
    assert waiting.awaits_continue
    assert not buffered(WHOLE[:-1]).awaits_continue
    older = HEAD.replace(b"1.1", b"1.0") + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    assert buffered(older).state is State.BODY
    assert not buffered(older).awaits_continue


def test_url_patterns_match_those_of_the_api() -> None:
    assert STREAMED.match(f"POST {reverse('api:import')} ".encode())
    assert BULK.match(f"PATCH {reverse('api:jobs')} ".encode())
    assert BULK.match(f"POST {reverse('api:bulk_undo')} ".encode())
    assert BULK.match(f"POST {reverse('api:bulk_delete')} ".encode())
    assert BULK.match(f"POST {reverse('api:operations')} ".encode())


FORMS = ["{}", "http://localhost{}", "HTTPS://a.example:8000{}", "{}?on_error=skip", "{}#part"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "spell", [str, lambda path: path.replace("j", "%6a"), lambda path: path.replace("o", "%6F")]
)
def test_requests_are_classified_by_their_decoded_path(
    form: str, spell: Callable[[str], str]
) -> None:
    def request_for(method: str, path: str) -> RequestBuffer:
        line = f"{method} {form.format(spell(path))} HTTP/1.1\r\n"
        return buffered(line.encode() + b"Content-Length: %d\r\n\r\n" % MAX_BULK_BODY_BYTES)

    assert request_for("POST", "/api/jobs/import/").is_streamed
    assert request_for("PATCH", "/api/jobs/").state is State.BODY
    assert request_for("PATCH", "/api/jobs/5/").state is State.BODY_TOO_LARGE
    for path in ("/api/jobs/undo/", "/api/jobs/delete/", "/api/operations/"):
        assert request_for("POST", path).state is State.BODY
        assert request_for("POST", path).lane == "change"
    assert request_for("POST", "/api/jobs/5/undo/").state is State.BODY_TOO_LARGE
    lanes = {
        path: request_for("GET", path).lane
        for path in ("/api/jobs/", "/api/schema/", "/api/health/")
    }
    assert lanes == {"/api/jobs/": None, "/api/schema/": "static", "/api/health/": "health"}
    assert request_for("DELETE", "/api/jobs/5/").lane == "change"
    for path in ("/login/", "/account/password/", "/account/confirm/"):
        assert (request_for("POST", path).lane, request_for("GET", path).lane) == ("password", None)
    assert request_for("POST", "/logout/").lane == "change"
    assert request_for("GET", "/jobs/5/").wants_html
    assert not request_for("GET", "/api/jobs/5/").wants_html


def test_request_line_of_a_slow_head_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "project.server.request_buffer.unquote_to_bytes", read := Mock(wraps=unquote_to_bytes)
    )
    ours, client = socket.socketpair()
    worker, conn, buffer = Worker.__new__(Worker), Mock(), RequestBuffer()
    worker._partial, worker._sending, worker._buffered, worker.nr_conns = {}, {}, 0, 1
    worker.poller = Mock()
    with Connection(ours) as conn.sock, client:
        for part in [b"GET /api/" + b"%41" * 9_000, *[b"%41"] * 50]:
            client.sendall(part)
            worker._receive(conn, buffer)
        assert read.call_count == 0
        client.sendall(b" HTTP/1.1\r\n" + b"x" * MAX_HEAD_BYTES)
        while conn in worker._partial:
            worker._receive(conn, buffer)
        assert buffer.state is State.LINE_TOO_LONG
        assert client.recv(1 << 16).startswith(b"HTTP/1.1 414 ")
    assert read.call_count == 1
    assert len(read.call_args[0][0]) <= MAX_REQUEST_LINE_BYTES


def test_quitting_cancels_queued_requests() -> None:
    worker, conn, done = Worker.__new__(Worker), Mock(lane=None), Event()
    worker.tpool, worker._is_quitting = ThreadPools(1), True
    begun = worker.tpool.submit(lambda _: done.wait(30), conn)
    waiting = worker.tpool.submit(lambda _: None, conn)
    with pytest.raises(SystemExit):
        worker.wait_for_and_dispatch_events(1)
    assert waiting.cancelled()
    done.set()
    assert begun.result()


def test_leading_zeros_of_a_length_are_ignored() -> None:
    assert (
        buffered(HEAD + b"Content-Length: 00000000000000005\r\n\r\nwhole").state is State.COMPLETE
    )


def test_only_reads_of_streamed_bodies_block() -> None:
    ours, client = socket.socketpair()
    connection = Connection(ours)
    with connection, client:
        client.sendall(b"more")
        assert connection.recv(2) == b""
        assert connection.recv(2, socket.MSG_DONTWAIT) == b"mo"
        connection.is_streamed = True
        assert connection.recv(2) == b"re"


def test_unread_output_is_buffered_and_sent_later() -> None:
    ours, client = socket.socketpair()
    connection = Connection(ours)
    text = bytes(range(256)) * 8_000
    with connection, client:
        connection.sendall(text)  # a plain socket would block for ever
        assert connection.deadline
        data = bytearray()
        while len(data) < len(text):
            data += client.recv(1 << 16)
            connection.flush()
        assert data == text
        assert connection.flush()
        assert not connection.deadline


def test_output_beyond_the_buffer_blocks_until_the_timeout() -> None:
    ours, client = socket.socketpair()
    connection = Connection(ours)
    connection.settimeout(0.1)
    with connection, client, pytest.raises(TimeoutError):
        connection.sendall(bytes(MAX_UNSENT_BYTES + 1))
