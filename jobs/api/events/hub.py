"""One thread per process reads the change feed and writes new events to all clients that wait for them.

Each distinct cursor costs one query, however many clients are at it, and all clients that are up to date
share a cursor.
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

from jobs.access.watch import Claim, watch
from jobs.api.events.clients import Client, EventBatch
from jobs.api.http.interim import raise_if_reset
from jobs.feed import CursorExpired, read_events
from jobs.feed_cursor import Cursor

logger = logging.getLogger(__name__)

POLL_SECONDS: Final = 0.2
RETRY_SECONDS: Final = 2.0
# Events read at once, and cursors served before the other clients get their turn.
BATCH_SIZE: Final = 500
CURSORS_PER_POLL: Final = 50
# File descriptors that the process needs besides its clients' connections.
OTHER_FILES: Final = 200
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Hub:
    """Starts its thread with the first client; stop(), or the end of the process, ends it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._reserved = 0
        self._thread: Thread | None = None
        self._arrivals: SimpleQueue[Client] = SimpleQueue()
        self._endings: SimpleQueue[Client] = SimpleQueue()
        self._clients: set[Client] = set()
        self._next = 0.0
        self._stopping = False

    def reserve(self) -> bool:
        """Reserves a slot for one more client; False if there is none. release(), or dropping the client, frees it."""
        with self._lock:
            if self._stopping or self._reserved >= _max_clients():
                return False
            if self._thread is None:
                self._start()
            self._reserved += 1
            return True

    def release(self) -> None:
        with self._lock:
            self._reserved -= 1

    def add(self, client: Client, claim: Claim | None = None) -> None:
        """Takes over the client's connection, for as long as the claim is valid."""
        client.connection.setblocking(False)
        client.unwatch = watch.add(claim, lambda: self._end_soon(client))
        self._arrivals.put(client)
        self._wake()

    def _end_soon(self, client: Client) -> None:
        """Called in another thread, when the client may no longer read."""
        client.is_revoked = True
        self._endings.put(client)
        self._wake()

    def stop(self, seconds: float = 2) -> None:
        """Ends every response cleanly: a stream with its cursor, a long poll without events."""
        with self._lock:
            self._stopping = True
        if self._thread:
            self._next = 0
            self._wake()
            self._thread.join(seconds)

    def _start(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._wakeup_send, self._wakeup_receive = socket.socketpair()
        self._wakeup_send.setblocking(False)
        self._selector.register(self._wakeup_receive, READ)
        self._thread = Thread(target=self._run, name="events", daemon=True)
        self._thread.start()

    def _wake(self) -> None:
        with suppress(OSError):  # a wakeup is already pending, or the thread has ended
            self._wakeup_send.send(b"!")

    def _run(self) -> None:
        while not (self._stopping and not self._clients):
            try:
                self._run_once()
            except Exception:  # the thread must go on, or every client would wait forever
                logger.exception("The change feed failed; its clients are disconnected.")
                for client in [*self._clients]:
                    self._drop(client)
        connection.close()
        for closable in (self._selector, self._wakeup_send, self._wakeup_receive):
            closable.close()

    def _run_once(self) -> None:
        for key, ready in self._selector.select(self._timeout()):
            if key.data is None:
                self._wakeup_receive.recv(4096)
            else:
                self._guarded(key.data, self._on_readable if ready & READ else self._flush)
        self._admit()
        while not self._endings.empty():
            self._guarded(self._endings.get(), self._end)
        if self._clients and monotonic() >= self._next:
            self._tick()
        if not self._clients:
            connection.close()  # returned to the pool

    def _timeout(self) -> float | None:
        """Seconds until the next poll; None without clients."""
        return max(0.0, self._next - monotonic()) if self._clients else None

    def _admit(self) -> None:
        while not self._arrivals.empty():
            client = self._arrivals.get()
            self._clients.add(client)
            self._selector.register(client.connection, READ, client)
            self._guarded(client, self._end if client.is_revoked else self._flush)
            self._next = min(self._next, monotonic() + POLL_SECONDS)

    def _tick(self) -> None:
        """Delivers new events, then handles the clients whose deadline has passed."""
        self._next = monotonic() + POLL_SECONDS
        try:
            if self._stopping:
                for client in [*self._clients]:
                    self._guarded(client, self._end)
            else:
                self._poll()
        except Error as error:
            logger.warning("The change feed cannot be read: %s", error)
            connection.close()
            self._next = monotonic() + RETRY_SECONDS
        for client in [client for client in self._clients if client.half_closed]:
            self._guarded(client, lambda client: raise_if_reset(client.connection))
        now = monotonic()
        for client in [client for client in self._clients if client.deadline <= now]:
            self._guarded(client, self._on_timeout)

    def _poll(self) -> None:
        waiting: dict[str, list[Client]] = defaultdict(list)
        for client in self._clients:
            if client.pending is None and not client.ending:
                waiting[client.cursor].append(client)
        # The latest cursors first: most clients are there, and those that catch up join them.
        for cursor in sorted(waiting, key=_position, reverse=True)[:CURSORS_PER_POLL]:
            try:
                batch = EventBatch(read_events(cursor, BATCH_SIZE))
            except CursorExpired as error:
                for client in waiting[cursor]:
                    client.on_gone(error.cursor)
                    self._guarded(client, self._flush)
                continue
            for client in waiting[cursor]:
                client.deliver(batch)
                if client.pending is not None:
                    self._guarded(client, self._flush)
            if batch.found.more:
                self._next = 0
        if len(waiting) > CURSORS_PER_POLL:
            self._next = 0

    def _guarded(self, client: Client, act: Callable[[Client], None]) -> None:
        """Drops the client if its connection fails."""
        if client in self._clients:
            try:
                act(client)
            except OSError:
                self._drop(client)

    def _flush(self, client: Client) -> None:
        is_sent = client.send()
        if not client.half_closed:
            self._selector.modify(client.connection, READ if is_sent else READ | WRITE, client)
        elif is_sent and client.ending:
            self._drop(client)
        else:
            self._watch(client, 0 if is_sent else WRITE)

    def _watch(self, client: Client, events: int) -> None:
        """Unregisters the connection for no `events`: a half-closed one would be readable forever."""
        if client.connection in self._selector.get_map():
            self._selector.unregister(client.connection)
        if events:
            self._selector.register(client.connection, events, client)

    def _on_readable(self, client: Client) -> None:
        """Discards input. At its end a stream is dropped; a long poll still gets its response."""
        if client.connection.recv(4096):
            return
        client.half_closed = True
        if client.survives_half_close():
            self._flush(client)
        else:
            self._drop(client)

    def _on_timeout(self, client: Client) -> None:
        if client.pending is not None or client.ending:
            self._drop(client)
        else:
            client.on_deadline()
            self._flush(client)

    def _end(self, client: Client) -> None:
        if client.pending is not None:
            self._drop(client)
        elif not client.ending:
            client.on_end()
            self._flush(client)

    def _drop(self, client: Client) -> None:
        self._clients.discard(client)
        self._watch(client, 0)
        client.connection.close()
        client.unwatch()
        client.release()
        self.release()


def _position(cursor: str) -> tuple[int, int]:
    return Cursor.parse(cursor).position


def _max_clients() -> int:
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(settings.FEED_CLIENTS, max(files - OTHER_FILES, 0))


hub = Hub()
