"""Whoever waits for events: a stream that stays open, or a question that is answered once."""

from __future__ import annotations

import socket
from abc import ABC, abstractmethod
from time import monotonic
from typing import Final

import orjson

from jobs.api.interim import knock
from jobs.feed import Event, Events

HEARTBEAT_SECONDS: Final = 15.0
# How long a client may take nothing of what it is sent, and how long one that was told the end may stay.
STALLED_SECONDS: Final = 30.0
FAREWELL_SECONDS: Final = 2.0
RETRY_MS: Final = 2_000


# What JSON takes for a letter, and many a reader of lines for the end of one.
LINE_ENDS: Final = {"\x85": b"\\u0085", "\u2028": b"\\u2028", "\u2029": b"\\u2029"}


def ndjson(events: list[Event]) -> bytes:
    """A line for each."""
    return b"".join(b"%b\n" % _json(event) for event in events)


def event_stream(events: list[Event]) -> bytes:
    """As text/event-stream has them, their cursors as ids."""
    return b"".join(
        b"id: %b\nevent: %b\ndata: %b\n\n" % (event.id.encode(), event.type.encode(), _json(event))
        for event in events
    )


def _json(event: Event) -> bytes:
    text = orjson.dumps(event.content())
    if not event.name.isascii():
        for letter, escaped in LINE_ENDS.items():
            text = text.replace(letter.encode(), escaped)
    return text


def heartbeat(cursor: str) -> bytes:
    """A comment; and an id without data, which moves the client's Last-Event-ID on."""
    return f":\nid: {cursor}\n\n".encode()


def cursor_gone(cursor: str) -> bytes:
    """What 410 is for others: the list is to be read anew, and the stream goes on from this cursor."""
    data = orjson.dumps({"cursor": cursor})
    return b"id: %b\nevent: cursor_gone\ndata: %b\n\n" % (cursor.encode(), data)


class Page:
    """Events that several clients at one place are sent, encoded once."""

    def __init__(self, found: Events) -> None:
        self.found = found
        self._stream: bytes | None = None

    @property
    def stream(self) -> bytes:
        if self._stream is None:
            self._stream = event_stream(self.found.events)
        return self._stream


class Client(ABC):
    """A connection of ours, at its place of the feed. It is given nothing new before it has taken what it was sent.

    So at most one page waits for each, and clients at one place share its bytes.
    """

    __slots__ = ("connection", "cursor", "deadline", "ending", "has_said_all", "pending")

    def __init__(self, connection: socket.socket, cursor: str, deadline: float) -> None:
        self.connection = connection
        self.cursor = cursor
        self.deadline = deadline
        self.pending: memoryview | None = None
        self.ending = False
        self.has_said_all = False

    @abstractmethod
    def give(self, page: Page) -> None:
        """What was found behind its cursor: makes it pending, where it wants to hear of it."""

    @abstractmethod
    def on_deadline(self) -> None:
        """Nothing has happened for as long as it wanted to wait."""

    @abstractmethod
    def on_end(self) -> None:
        """The server stops: what is still to be said."""

    def on_gone(self, cursor: str) -> None:
        """What follows its cursor is gone: by default it ends, and is told so when it asks again."""
        self.on_end()

    def hears_on(self) -> bool:
        """Whether it is to be told the rest although it will say nothing more itself. Raises OSError where it has gone."""
        return False

    def say(self, text: bytes) -> None:
        self.pending = memoryview(text)
        self.deadline = monotonic() + STALLED_SECONDS

    def send(self) -> bool:
        """Sends as much of what is pending as fits; whether all of it is away. Raises OSError where nobody listens."""
        if self.pending is None:
            return True
        while self.pending:
            try:
                sent = self.connection.send(self.pending)
            except BlockingIOError:
                return False
            self.pending = self.pending[sent:]
            self.deadline = monotonic() + STALLED_SECONDS
        self.pending = None
        self.deadline = monotonic() + (FAREWELL_SECONDS if self.ending else HEARTBEAT_SECONDS)
        if self.ending:
            self.connection.shutdown(socket.SHUT_WR)
        return True


class Stream(Client):
    __slots__ = ()

    def __init__(
        self, connection: socket.socket, cursor: str, head: bytes, notice: bytes = b""
    ) -> None:
        super().__init__(connection, cursor, 0)
        self.say(b"%b\r\nretry: %d\n%b%b" % (head, RETRY_MS, notice, heartbeat(cursor)))

    def give(self, page: Page) -> None:
        self.cursor = page.found.cursor
        if page.found.events:
            self.say(page.stream)

    def on_deadline(self) -> None:
        self.say(heartbeat(self.cursor))

    def on_gone(self, cursor: str) -> None:
        self.cursor = cursor
        self.say(cursor_gone(cursor))

    def on_end(self) -> None:
        self.ending = True
        self.say(heartbeat(self.cursor))


class Poll(Client):
    __slots__ = ("_behind", "_head", "_limit", "_speaks_1_1")

    def __init__(
        self,
        connection: socket.socket,
        cursor: str,
        head: bytes,
        wait: float,
        limit: int,
        speaks_1_1: bool = True,
    ) -> None:
        super().__init__(connection, cursor, monotonic() + wait)
        self._head, self._limit, self._speaks_1_1 = head, limit, speaks_1_1
        self._behind = 0.0

    def give(self, page: Page) -> None:
        self._behind = page.found.behind
        events = page.found.events[: self._limit]
        self.cursor = page.found.cursor if len(events) == len(page.found.events) else events[-1].id
        if events:
            self._answer(ndjson(events))

    def on_deadline(self) -> None:
        self._answer(b"")

    on_end = on_deadline

    def hears_on(self) -> bool:
        if self._speaks_1_1 and not self.ending:
            knock(self.connection)
        return self.pending is not None or not self.ending

    def _answer(self, body: bytes) -> None:
        self.ending = True
        self.say(
            b"%bFeed-Cursor: %b\r\nFeed-Behind: %.1f\r\nContent-Length: %d\r\n\r\n%b"
            % (self._head, self.cursor.encode(), self._behind, len(body), body)
        )
