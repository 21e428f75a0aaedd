"""How much of a request has come: no thread is given to one before it is all here.

What is here is only measured, never believed: whatever looks odd goes to gunicorn's parser as it came, which judges it
by what has come: it cannot wait for more (`Connection.recv`).
"""

import re
from enum import Enum, auto
from time import monotonic
from typing import Final
from urllib.parse import unquote_to_bytes

# From the first byte of a request to the last of its head, and from there to the last of its body.
HEAD_SECONDS: Final = 5.0
BODY_SECONDS: Final = 10.0
HEAD_BYTES: Final = 1 << 16
# The longest body of any call (DATA_UPLOAD_MAX_MEMORY_SIZE), and of those that take a longer one.
BODY_BYTES: Final = 1 << 16
LONG: Final = re.compile(rb"PATCH /api/jobs/ ")
LONG_BODY_BYTES: Final = 1 << 20
# A chunk may be a byte, in six bytes of its own.
CHUNK_OVERHEAD: Final = 7
# Bodies that a thread reads as they come: they may be endless, have limits of their own, and few are read at once.
STREAMED: Final = re.compile(rb"[A-Z]+ /api/jobs/import/ ")
PAGE: Final = re.compile(rb"(?:GET|POST) /(?!api/|static/)")
# What needs no database, and what asks whether it is there: each has a thread that nothing else can hold. And changes,
# which wait for each other's locks: they have as many threads as all that only reads. Imports have a limit of their own.
LANES: Final = {
    "change": re.compile(rb"(?:POST|PUT|PATCH|DELETE) /(?!api/jobs/import/)"),
    "static": re.compile(rb"(?:GET|HEAD) /(?:static/|api/schema/|api/docs/)"),
    "health": re.compile(rb"(?:GET|HEAD) /api/health/"),
}

# Of a whole address the path counts, and percent signs are read, as where the request is routed.
LINE_BYTES: Final = 8_190  # of a longer one gunicorn reads nothing
_LINE: Final = re.compile(rb"([A-Z]+) (?:[a-zA-Z][\w+.-]*://[^/?# \r\n]*)?([^?# \r\n]*)")
_FIELDS: Final = re.compile(
    rb"\r\n(content-length|transfer-encoding|expect):[ \t]*([^\r\n]*?)[ \t]*(?=\r\n)", re.I
)
_LENGTH: Final = re.compile(rb"[0-9]+")
CHUNK_LINE_BYTES: Final = 1 << 13
# Extensions and trailers mean nothing here, and may be dropped (RFC 9112, 7.1).
_CHUNK_SIZE: Final = re.compile(rb"([0-9a-fA-F]+)(?:[ \t]*;[^\r\n]*)?")
_TRAILERS: Final = re.compile(rb"(?:[^\r\n]+\r\n)*\r\n")
_END_OF_HEAD: Final = b"\r\n\r\n"


class Stage(Enum):
    NOTHING = auto()
    HEAD = auto()
    BODY = auto()
    COMPLETE = auto()
    HEAD_TOO_LARGE = auto()
    BODY_TOO_LARGE = auto()
    MALFORMED = auto()
    UNKNOWN_CODING = auto()


class Arrival:
    """The bytes of one request, and of what follows it on its connection.

    `deadline` is when its present stage has to be over; `awaits_continue` whether the client sends its body only after
    an interim answer. `counted` is the worker's: how much of `size` it has added up.
    """

    def __init__(self, begun: bytes = b"") -> None:
        self.stage = Stage.NOTHING
        self.deadline = monotonic() + HEAD_SECONDS
        self.is_streamed = False
        self.awaits_continue = self._expects_continue = False
        self.counted = 0
        self._bytes = bytearray()
        self._asked = b""
        self._head = 0
        self._length: int | None = 0
        self._limit = BODY_BYTES
        self._chunk = 0
        self._content = bytearray()
        if begun:
            self.take(begun)

    @property
    def size(self) -> int:
        """Bytes of memory that it takes, about."""
        return len(self._bytes) + len(self._content)

    def take(self, received: bytes) -> None:
        """Adds what has come; `stage` tells how far the request is."""
        if not self._bytes:
            received = received.lstrip(
                b"\r\n"
            )  # empty lines before a request mean nothing (RFC 9112, 2.2)
            if not received:
                return
            self.stage = Stage.HEAD
            self.deadline = monotonic() + HEAD_SECONDS
        searched = max(0, len(self._bytes) - len(_END_OF_HEAD))
        self._bytes += received
        if self.stage is Stage.HEAD:
            end = self._bytes.find(_END_OF_HEAD, searched)
            if end >= 0:
                self._begin_body(end + len(_END_OF_HEAD))
            elif len(self._bytes) > HEAD_BYTES:
                self.stage = Stage.HEAD_TOO_LARGE
        if self.stage is Stage.BODY:
            self._look_for_the_end()

    @property
    def wants_page(self) -> bool:
        return PAGE.match(self._asked or _asked_in(self._bytes)) is not None

    @property
    def lane(self) -> str | None:
        """The one of LANES that it belongs to."""
        return next((lane for lane, line in LANES.items() if line.match(self._asked)), None)

    def request(self) -> bytes:
        """What the parser is to read.

        Where the whole body is here, nothing more is expected of the client; and one in chunks has a length now.
        """
        if self.stage is not Stage.COMPLETE or self.is_streamed:
            return bytes(self._bytes)
        head, rest = bytes(self._bytes[: self._head]), self._bytes[self._head :]
        if self._length is None:
            head = _FIELDS.sub(self._as_length, head)
            rest = self._content + self._bytes[self._chunk :]
        if self._expects_continue:
            head = _FIELDS.sub(_without_expect, head)
        return head + bytes(rest)

    def _begin_body(self, head: int) -> None:
        self._head = self._chunk = head
        self.stage, self.deadline = Stage.COMPLETE, monotonic() + BODY_SECONDS
        self._asked = _asked_in(self._bytes)
        if LONG.match(self._asked):
            self._limit = LONG_BODY_BYTES
        is_newer = b" HTTP/1.1\r\n" in self._bytes[:HEAD_BYTES]
        fields: dict[bytes, list[bytes]] = {}
        for field in _FIELDS.finditer(bytes(self._bytes[:head])):
            fields.setdefault(field[1].lower(), []).append(field[2].lower())
        codings = fields.get(b"transfer-encoding", [])
        if STREAMED.match(self._asked):
            self.is_streamed = True
            if is_newer and len(codings) == 1 and codings != [b"chunked"]:
                self.stage = Stage.UNKNOWN_CODING
            return
        match fields.get(b"content-length"), codings:
            case [[length], []] if _LENGTH.fullmatch(length):
                digits = length.lstrip(b"0")
                self._length = int(digits or b"0") if len(digits) < 10 else self._limit + 1
                self.stage = Stage.BODY if self._length <= self._limit else Stage.BODY_TOO_LARGE
            case [None, [coding]] if is_newer:
                self._length = None
                self.stage = Stage.BODY if coding == b"chunked" else Stage.UNKNOWN_CODING
        self._expects_continue = is_newer and fields.get(b"expect") == [b"100-continue"]
        self.awaits_continue = self._expects_continue

    def _look_for_the_end(self) -> None:
        if self._length is None:
            self._read_chunks()
        elif len(self._bytes) - self._head >= self._length:
            self.stage = Stage.COMPLETE

    def _read_chunks(self) -> None:
        while self.stage is Stage.BODY:
            line_end = self._bytes.find(b"\r\n", self._chunk)
            if line_end < 0:
                if len(self._bytes) - self._chunk > CHUNK_LINE_BYTES:
                    self.stage = Stage.MALFORMED
                break
            size = _CHUNK_SIZE.fullmatch(self._bytes, self._chunk, line_end)
            if size is None:
                self.stage = Stage.MALFORMED
                return
            digits, begin = size[1].lstrip(b"0"), line_end + 2
            if not digits:
                self._read_trailers(line_end)
                return
            length = int(digits, 16) if len(digits) < 9 else self._limit + 1
            if len(self._content) + length > self._limit:
                self.stage = Stage.BODY_TOO_LARGE
                return
            end = begin + length
            if len(self._bytes) < end + 2:
                break
            if self._bytes[end : end + 2] != b"\r\n":
                self.stage = Stage.MALFORMED
                return
            self._content += self._bytes[begin:end]
            self._chunk = end + 2
        if len(self._bytes) - self._head > CHUNK_OVERHEAD * self._limit:
            self.stage = Stage.BODY_TOO_LARGE

    def _read_trailers(self, line_end: int) -> None:
        """Those behind the last chunk's line, up to an empty one."""
        end = self._bytes.find(_END_OF_HEAD, line_end) + len(_END_OF_HEAD)
        if end < len(_END_OF_HEAD):
            if len(self._bytes) - line_end > HEAD_BYTES:
                self.stage = Stage.HEAD_TOO_LARGE
        elif _TRAILERS.fullmatch(self._bytes, line_end + 2, end):
            self._chunk, self.stage = end, Stage.COMPLETE
        else:
            self.stage = Stage.MALFORMED

    def _as_length(self, field: "re.Match[bytes]") -> bytes:
        if field[1].lower() == b"transfer-encoding":
            return b"\r\nContent-Length: %d" % len(self._content)
        return field[0]


def _asked_in(text: bytearray) -> bytes:
    """Method and path, each with a blank behind it. Not for each byte of a head that drips in: it takes its time."""
    line = _LINE.match(text, 0, LINE_BYTES)
    return b"%b %b " % (line[1], unquote_to_bytes(line[2]) or b"/") if line else b""


def _without_expect(field: "re.Match[bytes]") -> bytes:
    return b"" if field[1].lower() == b"expect" else field[0]
