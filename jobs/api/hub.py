"""One thread of each process asks for events and writes them to everybody who waits there.

However many wait, the database is asked once for each place of the feed that they stand at, and all who have heard
everything stand at one.
"""

from __future__ import annotations

import logging
import resource
import selectors
import socket
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Final

from django.conf import settings
from django.db import Error, connection

from jobs.api.clients import Client, Page
from jobs.api.interim import still_there
from jobs.feed import FeedGone, read_events

logger = logging.getLogger(__name__)

ASK_SECONDS: Final = 0.2
PAUSE_AFTER_FAILURE_SECONDS: Final = 2.0
# Events read at once, and places read for before everybody else has another turn.
PAGE: Final = 500
PLACES: Final = 50
# Files that the process needs beside its clients' connections.
OTHER_FILES: Final = 200
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Hub:
    """Its thread starts with the first client, and ends with the process or by stop()."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._places = 0
        self._thread: Thread | None = None
        self._arrivals: SimpleQueue[Client] = SimpleQueue()
        self._clients: set[Client] = set()
        self._next = 0.0
        self._stopping = False

    def reserve(self) -> bool:
        """A place for one more client; whether there was one. It is given back by release(), or when the client goes."""
        with self._lock:
            if self._stopping or self._places >= _most_clients():
                return False
            if self._thread is None:
                self._start()
            self._places += 1
            return True

    def release(self) -> None:
        with self._lock:
            self._places -= 1

    def take(self, client: Client) -> None:
        """The client's connection belongs to the hub from now on."""
        client.connection.setblocking(False)
        self._arrivals.put(client)
        self._wake()

    def stop(self, seconds: float = 2) -> None:
        """Ends every answer in good order: streams can be taken up again, questions get an empty answer."""
        with self._lock:
            self._stopping = True
        if self._thread:
            self._next = 0
            self._wake()
            self._thread.join(seconds)

    def _start(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._bell, self._ears = socket.socketpair()
        self._bell.setblocking(False)
        self._selector.register(self._ears, READ)
        self._thread = Thread(target=self._run, name="events", daemon=True)
        self._thread.start()

    def _wake(self) -> None:
        with suppress(OSError):  # it rings already, or nobody is there any more
            self._bell.send(b"!")

    def _run(self) -> None:
        while not (self._stopping and not self._clients):
            try:
                self._round()
            except Exception:  # the thread must not end: whoever waits would wait for ever
                logger.exception("The change feed has left its clients.")
                for client in [*self._clients]:
                    self._drop(client)
        connection.close()
        for ours in (self._selector, self._bell, self._ears):
            ours.close()

    def _round(self) -> None:
        for key, ready in self._selector.select(self._pause()):
            if key.data is None:
                self._ears.recv(4096)
            else:
                self._guarded(key.data, self._hear if ready & READ else self._push)
        self._admit()
        if self._clients and monotonic() >= self._next:
            self._turn()
        if not self._clients:
            connection.close()  # nobody waits: another may have it

    def _pause(self) -> float | None:
        """Until the next question; for ever where nobody waits."""
        return max(0.0, self._next - monotonic()) if self._clients else None

    def _admit(self) -> None:
        while not self._arrivals.empty():
            client = self._arrivals.get()
            self._clients.add(client)
            self._selector.register(client.connection, READ, client)
            self._guarded(client, self._push)
            self._next = min(self._next, monotonic() + ASK_SECONDS)

    def _turn(self) -> None:
        """What has happened goes to those who wait for it; then those who have waited long enough."""
        self._next = monotonic() + ASK_SECONDS
        try:
            if self._stopping:
                for client in [*self._clients]:
                    self._guarded(client, self._finish)
            else:
                self._ask()
        except Error as error:
            logger.warning("The change feed cannot be read: %s", error)
            connection.close()
            self._next = monotonic() + PAUSE_AFTER_FAILURE_SECONDS
        for client in [client for client in self._clients if client.has_said_all]:
            self._guarded(client, lambda client: still_there(client.connection))
        now = monotonic()
        for client in [client for client in self._clients if client.deadline <= now]:
            self._guarded(client, self._late)

    def _ask(self) -> None:
        waiting: dict[str, list[Client]] = defaultdict(list)
        for client in self._clients:
            if client.pending is None and not client.ending:
                waiting[client.cursor].append(client)
        # Those who have heard the most first: they are many, and whoever catches up joins them.
        for cursor in sorted(waiting, key=_place, reverse=True)[:PLACES]:
            try:
                page = Page(read_events(cursor, PAGE))
            except FeedGone as error:
                for client in waiting[cursor]:
                    client.on_gone(error.cursor)
                    self._guarded(client, self._push)
                continue
            for client in waiting[cursor]:
                client.give(page)
                if client.pending is not None:
                    self._guarded(client, self._push)
            if page.found.more:
                self._next = 0
        if len(waiting) > PLACES:
            self._next = 0

    def _guarded(self, client: Client, act: Callable[[Client], None]) -> None:
        """A client that has gone, or fails in any way of a connection, is dropped."""
        if client in self._clients:
            try:
                act(client)
            except OSError:
                self._drop(client)

    def _push(self, client: Client) -> None:
        everything = client.send()
        if not client.has_said_all:
            self._selector.modify(client.connection, READ if everything else READ | WRITE, client)
        elif everything and client.ending:
            self._drop(client)
        else:
            self._listen(client, 0 if everything else WRITE)

    def _listen(self, client: Client, events: int) -> None:
        """An end of input would be told again and again: for no `events`, its connection is left alone."""
        if client.connection in self._selector.get_map():
            self._selector.unregister(client.connection)
        if events:
            self._selector.register(client.connection, events, client)

    def _hear(self, client: Client) -> None:
        """Clients have nothing to say: that they end is all they can tell. A question gets its answer still."""
        if client.connection.recv(4096):
            return
        client.has_said_all = True
        if client.hears_on():
            self._push(client)
        else:
            self._drop(client)

    def _late(self, client: Client) -> None:
        if client.pending is not None or client.ending:
            self._drop(client)
        else:
            client.on_deadline()
            self._push(client)

    def _finish(self, client: Client) -> None:
        if client.pending is not None:
            self._drop(client)
        elif not client.ending:
            client.on_end()
            self._push(client)

    def _drop(self, client: Client) -> None:
        self._clients.discard(client)
        self._listen(client, 0)
        client.connection.close()
        self.release()


def _place(cursor: str) -> tuple[int, ...]:
    return tuple(map(int, cursor.split("-")[1:]))


def _most_clients() -> int:
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(settings.FEED_CLIENTS, max(files - OTHER_FILES, 0))


hub = Hub()
