"""Many clients of the change feed's streams: how long an event takes to reach each of them."""

from __future__ import annotations

import json
import re
import selectors
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from jobs.benchmark.figures import percentile
from jobs.benchmark.open_tabs import allow_files
from jobs.benchmark.server_processes import cpu_seconds, listening, megabytes

TIMEOUT_SECONDS: Final = 30
# How long the last event may take to reach all clients.
DELIVERY_TIMEOUT_SECONDS: Final = 10
WRITE_EVERY_SECONDS: Final = 0.5
RECEIVED = re.compile(rb'"type":"job.created"[^}]*"name":"Received by all (\d+)"')
# An event may arrive in two pieces: this much of the end is kept.
MAX_EVENT_BYTES = 256


@dataclass(frozen=True)
class Streams:
    """`p50` and `p99` are times in ms from the request of a write to its arrival at a client.

    `megabytes` is the growth of the server's processes together with all clients, `core` the share of one core that
    they used. Both are None if the processes are not visible.
    """

    clients: int
    writes: int
    received: int
    p50: float
    p99: float
    megabytes: float | None
    core: float | None

    @property
    def missed(self) -> int:
        return self.clients * self.writes - self.received


def measure(address: str, clients: int, seconds: float) -> Streams:
    """Writes every half second, for `seconds`."""
    url = urlsplit(address)
    host, port = url.hostname or "", url.port or 80
    allow_files(clients + 100)
    servers = listening(port)
    with ExitStack() as ending:
        _open_stream(host, port).close()  # what the first client loads does not count
        before = megabytes(servers)
        listener = Listener()
        for _ in range(clients):
            listener.add(ending.enter_context(_open_stream(host, port)))
        began, used = monotonic(), cpu_seconds(servers)
        written = _write(host, port, listener, seconds)
        listener.listen(DELIVERY_TIMEOUT_SECONDS, until=clients * len(written))
        elapsed, used = monotonic() - began, cpu_seconds(servers) - used
        grown = megabytes(servers) - before
    times = [(at - written[number]) * 1000 for number, at in listener.received if number in written]
    return Streams(
        clients,
        len(written),
        len(times),
        percentile(times, 0.5) if times else 0,
        percentile(times, 0.99) if times else 0,
        grown if servers else None,
        used / elapsed if servers else None,
    )


class Listener:
    """Reads all clients' sockets in one thread; `received` holds the numbers of the writes and when they arrived."""

    def __init__(self) -> None:
        self.received: list[tuple[int, float]] = []
        self._selector = selectors.DefaultSelector()

    def add(self, end: socket.socket) -> None:
        end.setblocking(False)
        self._selector.register(end, selectors.EVENT_READ, bytearray())

    def listen(self, seconds: float, until: int | None = None) -> None:
        """Reads for `seconds`, or until this many events have been received."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0 and (until is None or len(self.received) < until):
            for key, _ in self._selector.select(left):
                self._receive(key)

    def _receive(self, key: selectors.SelectorKey) -> None:
        assert isinstance(key.fileobj, socket.socket)
        more, text = key.fileobj.recv(65536), key.data
        if not more:
            self._selector.unregister(key.fileobj)
        text += more
        now, last = monotonic(), 0
        for found in RECEIVED.finditer(text):
            self.received.append((int(found[1]), now))
            last = found.end()
        del text[: max(last, len(text) - MAX_EVENT_BYTES)]


def _open_stream(host: str, port: int) -> socket.socket:
    """A stream that has started: its first id has arrived."""
    end = socket.create_connection((host, port), timeout=TIMEOUT_SECONDS)
    end.sendall(
        b"GET /api/events/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
    )
    text = b""
    while b"\nid: " not in text:
        more = end.recv(4096)
        text += more
        if not more:
            raise ConnectionError(text.decode(errors="replace"))
    return end


def _write(host: str, port: int, listener: Listener, seconds: float) -> dict[int, float]:
    """The time of each write by its number. Reads from the clients between the writes; deletes the jobs at the end."""
    connection = HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    written: dict[int, float] = {}
    created: list[str] = []
    first = int(monotonic() * 1000)
    for number in range(first, first + max(int(seconds / WRITE_EVERY_SECONDS), 1)):
        written[number] = monotonic()
        body = json.dumps({"name": f"Received by all {number}"})
        connection.request("POST", "/api/jobs/", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        created.append(response.getheader("Location", ""))
        listener.listen(WRITE_EVERY_SECONDS)
    for job in created:
        connection.request("DELETE", job)
        connection.getresponse().read()
    connection.close()
    return written
