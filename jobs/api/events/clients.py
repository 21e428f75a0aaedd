"""Clients that wait for events: streams, which stay open, and long polls, which get one response."""

from __future__ import annotations

import socket
from abc import ABC, abstractmethod
from collections.abc import Callable
from time import monotonic
from typing import Final

import orjson

from jobs.api.http.interim import probe
from jobs.feed import Event, Events

HEARTBEAT_SECONDS: Final = 15.0
# How long a client may leave sent data unread, and how long it may keep the connection open after the last of it.
STALL_SECONDS: Final = 30.0
LINGER_SECONDS: Final = 2.0
RETRY_MS: Final = 2_000


# JSON allows these unescaped, but many line readers split at them.
LINE_ENDS: Final = {"\x85": b"\\u0085", "\u2028": b"\\u2028", "\u2029": b"\\u2029"}


def ndjson(events: list[Event]) -> bytes:
    """One line per event."""
    return b"".join(b"%b\n" % _json(event) for event in events)


def event_stream(events: list[Event]) -> bytes:
    """The events as text/event-stream, with their cursors as ids."""
    return b"".join(
        b"id: %b\nevent: %b\ndata: %b\n\n" % (event.id.encode(), event.type.encode(), _json(event))
        for event in events
    )


def _json(event: Event) -> bytes:
    text = orjson.dumps(event.content())
    if not text.isascii():
        for letter, escaped in LINE_ENDS.items():
            text = text.replace(letter.encode(), escaped)
    return text


def heartbeat(cursor: str) -> bytes:
    """A comment, and an id without data, which advances the client's Last-Event-ID."""
    return f":\nid: {cursor}\n\n".encode()


def cursor_gone(cursor: str) -> bytes:
    """The stream's equivalent of a 410: read the list again; the stream continues from this cursor."""
    data = orjson.dumps({"cursor": cursor})
    return b"id: %b\nevent: cursor_gone\ndata: %b\n\n" % (cursor.encode(), data)


class EventBatch:
    """Events for all clients at one cursor, encoded once."""

    def __init__(self, found: Events) -> None:
        self.found = found
        self._stream: bytes | None = None

    @property
    def stream(self) -> bytes:
        if self._stream is None:
            self._stream = event_stream(self.found.events)
        return self._stream


def _nothing() -> None:
    """For clients that nobody watches or counts."""


class Client(ABC):
    """A connection at its cursor in the feed. It gets no new batch until everything queued for it is sent.

    So each has at most one pending batch, and clients at the same cursor share its bytes.
    """

    __slots__ = (
        "connection",
        "cursor",
        "deadline",
        "ending",
        "half_closed",
        "is_revoked",
        "pending",
        "release",
        "unwatch",
    )

    def __init__(self, connection: socket.socket, cursor: str, deadline: float) -> None:
        self.connection = connection
        self.cursor = cursor
        self.deadline = deadline
        self.pending: memoryview | None = None
        self.ending = False
        self.half_closed = False
        self.is_revoked = False
        self.unwatch: Callable[[], None] = _nothing
        self.release: Callable[[], None] = _nothing

    @abstractmethod
    def deliver(self, batch: EventBatch) -> None:
        """Takes the events after its cursor, and queues them if it wants them."""

    @abstractmethod
    def on_deadline(self) -> None:
        """The time that it wanted to wait is over."""

    @abstractmethod
    def on_end(self) -> None:
        """The server is stopping: queues the last message."""

    def on_gone(self, cursor: str) -> None:
        """Its cursor has expired. By default the response ends, and the client learns why when it asks again."""
        self.on_end()

    def survives_half_close(self) -> bool:
        """Whether a client that has shut down its sending side still gets the rest. Raises OSError if it is gone."""
        return False

    def queue(self, text: bytes) -> None:
        self.pending = memoryview(text)
        self.deadline = monotonic() + STALL_SECONDS

    def send(self) -> bool:
        """Sends as much as the socket takes; True if nothing is left. Raises OSError if the client is gone."""
        if self.pending is None:
            return True
        while self.pending:
            try:
                sent = self.connection.send(self.pending)
            except BlockingIOError:
                return False
            self.pending = self.pending[sent:]
            self.deadline = monotonic() + STALL_SECONDS
        self.pending = None
        self.deadline = monotonic() + (LINGER_SECONDS if self.ending else HEARTBEAT_SECONDS)
        if self.ending:
            self.connection.shutdown(socket.SHUT_WR)
        return True


class Stream(Client):
    __slots__ = ()

    def __init__(
        self, connection: socket.socket, cursor: str, head: bytes, notice: bytes = b""
    ) -> None:
        super().__init__(connection, cursor, 0)
        self.queue(b"%b\r\nretry: %d\n%b%b" % (head, RETRY_MS, notice, heartbeat(cursor)))

    def deliver(self, batch: EventBatch) -> None:
        self.cursor = batch.found.cursor
        if batch.found.events:
            self.queue(batch.stream)

    def on_deadline(self) -> None:
        self.queue(heartbeat(self.cursor))

    def on_gone(self, cursor: str) -> None:
        self.cursor = cursor
        self.queue(cursor_gone(cursor))

    def on_end(self) -> None:
        self.ending = True
        self.queue(heartbeat(self.cursor))


class LongPoll(Client):
    __slots__ = ("_behind", "_head", "_is_http_1_1", "_limit")

    def __init__(
        self,
        connection: socket.socket,
        cursor: str,
        head: bytes,
        wait: float,
        limit: int,
        is_http_1_1: bool = True,
    ) -> None:
        super().__init__(connection, cursor, monotonic() + wait)
        self._head, self._limit, self._is_http_1_1 = head, limit, is_http_1_1
        self._behind = 0.0

    def deliver(self, batch: EventBatch) -> None:
        self._behind = batch.found.behind
        events = batch.found.events[: self._limit]
        self.cursor = (
            batch.found.cursor if len(events) == len(batch.found.events) else events[-1].id
        )
        if events:
            self._respond(ndjson(events))

    def on_deadline(self) -> None:
        self._respond(b"")

    on_end = on_deadline

    def survives_half_close(self) -> bool:
        if self._is_http_1_1 and not self.ending:
            probe(self.connection)
        return self.pending is not None or not self.ending

    def _respond(self, body: bytes) -> None:
        self.ending = True
        self.queue(
            b"%bFeed-Cursor: %b\r\nFeed-Behind: %.1f\r\nContent-Length: %d\r\n\r\n%b"
            % (self._head, self.cursor.encode(), self._behind, len(body), body)
        )
