"""Buffers a request until it is complete: only then does it get a thread.

The buffer only finds where the request ends; it does not validate it. Anything unusual is passed to gunicorn's parser
unchanged, which decides on the bytes received so far: it cannot wait for more (`Connection.recv`).
"""

import re
from enum import Enum, auto
from time import monotonic
from typing import Final
from urllib.parse import unquote_to_bytes

from jobs.limits import (
    MAX_BODY_BYTES,
    MAX_BULK_BODY_BYTES,
    MAX_HEAD_BYTES,
    MAX_REQUEST_LINE_BYTES,
)

# From the first byte of a request to the end of its head, and from there to the end of its body.
HEAD_SECONDS: Final = 5.0
BODY_SECONDS: Final = 10.0
BULK: Final = re.compile(rb"(?:PATCH /api/jobs/|POST /api/(?:jobs/(?:undo|delete)|operations)/) ")
# Bytes on the wire per byte of content, at worst: a chunk of one byte has six bytes of framing.
CHUNK_OVERHEAD: Final = 7
# Bodies that a thread reads as they arrive: they are too large to buffer. The import limits their size and number.
STREAMED: Final = re.compile(rb"[A-Z]+ /api/jobs/import/ ")
PAGE: Final = re.compile(rb"(?:GET|POST) /(?!api/|static/)")
# Requests that need no database share a reserved thread, and health checks have another. Passwords, whose digests are slow
# to compute on purpose, have one as well, as have answers of a provider of logins. Changes wait for each other's locks, so they have their own pool, as large as the
# one for reads. Imports have a separate limit. The first lane that matches counts.
LANES: Final = {
    "password": re.compile(
        rb"POST /(?:login|account/(?:password|confirm))/ |GET /(?:login|account/confirm)/sso/"
    ),
    "change": re.compile(rb"(?:POST|PUT|PATCH|DELETE) /(?!api/jobs/import/)"),
    "static": re.compile(rb"(?:GET|HEAD) /(?:static/|api/schema/|api/docs/|api/health/live/)"),
    "health": re.compile(rb"(?:GET|HEAD) /api/health/"),
}

# As in routing, only the path of an absolute URL counts, percent-decoded.
_LINE: Final = re.compile(rb"([A-Z]+) (?:[a-zA-Z][\w+.-]*://[^/?# \r\n]*)?([^?# \r\n]*)")
_FIELDS: Final = re.compile(
    rb"\r\n(content-length|transfer-encoding|expect):[ \t]*([^\r\n]*?)[ \t]*(?=\r\n)", re.I
)
_LENGTH: Final = re.compile(rb"[0-9]+")
MAX_CHUNK_LINE_BYTES: Final = 1 << 13
# Chunk extensions and trailers have no meaning here and may be dropped (RFC 9112, 7.1).
_CHUNK_SIZE: Final = re.compile(rb"([0-9a-fA-F]+)(?:[ \t]*;[^\r\n]*)?")
_TRAILERS: Final = re.compile(rb"(?:[^\r\n]+\r\n)*\r\n")
_END_OF_HEAD: Final = b"\r\n\r\n"


class State(Enum):
    EMPTY = auto()
    HEAD = auto()
    BODY = auto()
    COMPLETE = auto()
    LINE_TOO_LONG = auto()
    HEAD_TOO_LARGE = auto()
    BODY_TOO_LARGE = auto()
    MALFORMED = auto()
    UNKNOWN_CODING = auto()


class RequestBuffer:
    """The bytes of one request, and any that follow it on the connection.

    `deadline` is when the current state must have ended; `awaits_continue` is whether the client waits for a
    100 Continue before it sends the body. `accounted` belongs to the worker: how much of `size` is in its total.
    """

    def __init__(self, initial: bytes = b"") -> None:
        self.state = State.EMPTY
        self.deadline = monotonic() + HEAD_SECONDS
        self.is_streamed = False
        self.awaits_continue = self._expects_continue = False
        self.accounted = 0
        self._bytes = bytearray()
        self._request_line = b""
        self._head_size = 0
        self._length: int | None = 0
        self._limit = MAX_BODY_BYTES
        self._chunk_start = 0
        self._decoded = bytearray()
        if initial:
            self.feed(initial)

    @property
    def size(self) -> int:
        """Approximate memory use in bytes."""
        return len(self._bytes) + len(self._decoded)

    def feed(self, data: bytes) -> None:
        """Adds received bytes and updates `state`."""
        if not self._bytes:
            data = data.lstrip(b"\r\n")  # empty lines before a request are ignored (RFC 9112, 2.2)
            if not data:
                return
            self.state = State.HEAD
            self.deadline = monotonic() + HEAD_SECONDS
        searched = max(0, len(self._bytes) - len(_END_OF_HEAD))
        self._bytes += data
        if self.state is State.HEAD:
            end = self._bytes.find(_END_OF_HEAD, searched)
            head = len(self._bytes) if end < 0 else end + len(_END_OF_HEAD)
            if head > MAX_HEAD_BYTES:
                line_end = self._bytes.find(b"\r\n", 0, MAX_REQUEST_LINE_BYTES + 2)
                self.state = State.LINE_TOO_LONG if line_end < 0 else State.HEAD_TOO_LARGE
            elif end >= 0:
                self._begin_body(head)
        if self.state is State.BODY:
            self._check_complete()

    @property
    def wants_html(self) -> bool:
        return PAGE.match(self._request_line or _request_line_of(self._bytes)) is not None

    @property
    def lane(self) -> str | None:
        """The key in LANES, or None for all other requests."""
        return next((lane for lane, line in LANES.items() if line.match(self._request_line)), None)

    def parser_input(self) -> bytes:
        """The bytes for gunicorn's parser.

        If the whole body has arrived, Expect is dropped and a chunked body is replaced by one with a Content-Length.
        """
        if self.state is not State.COMPLETE or self.is_streamed:
            return bytes(self._bytes)
        head, rest = bytes(self._bytes[: self._head_size]), self._bytes[self._head_size :]
        if self._length is None:
            head = _FIELDS.sub(self._with_length, head)
            rest = self._decoded + self._bytes[self._chunk_start :]
        if self._expects_continue:
            head = _FIELDS.sub(_without_expect, head)
        return head + bytes(rest)

    def _begin_body(self, head: int) -> None:
        self._head_size = self._chunk_start = head
        self.state, self.deadline = State.COMPLETE, monotonic() + BODY_SECONDS
        self._request_line = _request_line_of(self._bytes)
        if BULK.match(self._request_line):
            self._limit = MAX_BULK_BODY_BYTES
        is_newer = b" HTTP/1.1\r\n" in self._bytes[:MAX_HEAD_BYTES]
        fields: dict[bytes, list[bytes]] = {}
        for field in _FIELDS.finditer(bytes(self._bytes[:head])):
            fields.setdefault(field[1].lower(), []).append(field[2].lower())
        codings = fields.get(b"transfer-encoding", [])
        if STREAMED.match(self._request_line):
            self.is_streamed = True
            if is_newer and len(codings) == 1 and codings != [b"chunked"]:
                self.state = State.UNKNOWN_CODING
            return
        match fields.get(b"content-length"), codings:
            case [[length], []] if _LENGTH.fullmatch(length):
                digits = length.lstrip(b"0")
                self._length = int(digits or b"0") if len(digits) < 10 else self._limit + 1
                self.state = State.BODY if self._length <= self._limit else State.BODY_TOO_LARGE
            case [None, [coding]] if is_newer:
                self._length = None
                self.state = State.BODY if coding == b"chunked" else State.UNKNOWN_CODING
        self._expects_continue = is_newer and fields.get(b"expect") == [b"100-continue"]
        self.awaits_continue = self._expects_continue

    def _check_complete(self) -> None:
        if self._length is None:
            self._read_chunks()
        elif len(self._bytes) - self._head_size >= self._length:
            self.state = State.COMPLETE

    def _read_chunks(self) -> None:
        while self.state is State.BODY:
            line_end = self._bytes.find(b"\r\n", self._chunk_start)
            if line_end < 0:
                if len(self._bytes) - self._chunk_start > MAX_CHUNK_LINE_BYTES:
                    self.state = State.MALFORMED
                break
            size = _CHUNK_SIZE.fullmatch(self._bytes, self._chunk_start, line_end)
            if size is None:
                self.state = State.MALFORMED
                return
            digits, begin = size[1].lstrip(b"0"), line_end + 2
            if not digits:
                self._read_trailers(line_end)
                return
            length = int(digits, 16) if len(digits) < 9 else self._limit + 1
            if len(self._decoded) + length > self._limit:
                self.state = State.BODY_TOO_LARGE
                return
            end = begin + length
            if len(self._bytes) < end + 2:
                break
            if self._bytes[end : end + 2] != b"\r\n":
                self.state = State.MALFORMED
                return
            self._decoded += self._bytes[begin:end]
            self._chunk_start = end + 2
        if len(self._bytes) - self._head_size > CHUNK_OVERHEAD * self._limit:
            self.state = State.BODY_TOO_LARGE

    def _read_trailers(self, line_end: int) -> None:
        """Skips the trailer section after the last chunk, which ends with an empty line."""
        end = self._bytes.find(_END_OF_HEAD, line_end) + len(_END_OF_HEAD)
        if end < len(_END_OF_HEAD):
            if len(self._bytes) - line_end > MAX_HEAD_BYTES:
                self.state = State.HEAD_TOO_LARGE
        elif _TRAILERS.fullmatch(self._bytes, line_end + 2, end):
            self._chunk_start, self.state = end, State.COMPLETE
        else:
            self.state = State.MALFORMED

    def _with_length(self, field: "re.Match[bytes]") -> bytes:
        if field[1].lower() == b"transfer-encoding":
            return b"\r\nContent-Length: %d" % len(self._decoded)
        return field[0]


def _request_line_of(text: bytearray) -> bytes:
    """Method and path, each followed by a space. Too slow to call for every byte of a head that trickles in."""
    line = _LINE.match(text, 0, MAX_REQUEST_LINE_BYTES)
    return b"%b %b " % (line[1], unquote_to_bytes(line[2]) or b"/") if line else b""


def _without_expect(field: "re.Match[bytes]") -> bytes:
    return b"" if field[1].lower() == b"expect" else field[0]
