"""A thousand clients of the change feed's streams, while somebody writes: when each of them hears of it.

`python -m jobs.benchmark.streams http://127.0.0.1:8000` measures a dashboard that is running; it makes jobs there,
and deletes them.
"""

from __future__ import annotations

import json
import os
import re
import selectors
import socket
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from jobs.benchmark.figures import percentile
from jobs.benchmark.listeners import PROC, cpu_seconds, serving
from jobs.benchmark.open_tabs import allow_files

TIMEOUT_SECONDS: Final = 30
# How long the last of them may take to hear of the last write.
PATIENCE_SECONDS: Final = 10
WRITE_EVERY_SECONDS: Final = 0.5
HEARD = re.compile(rb'"type":"job.created"[^}]*"name":"Heard by all (\d+)"')
# A name may come in two pieces: so much of the end is kept.
LONGEST = 256


@dataclass(frozen=True)
class Streams:
    """`late` are times in ms, from the request of a write to its arrival at each client.

    `megabytes` is what the server's processes grew by, all of them together, with all clients; `core` the share of one
    core that they took. Both None where they cannot be seen.
    """

    clients: int
    writes: int
    heard: int
    p50: float
    p99: float
    megabytes: float | None
    core: float | None

    @property
    def missed(self) -> int:
        return self.clients * self.writes - self.heard


def measure(address: str, clients: int, seconds: float) -> Streams:
    """One write each half second, for so long."""
    url = urlsplit(address)
    host, port = url.hostname or "", url.port or 80
    allow_files(clients + 100)
    servers = serving(port)
    with ExitStack() as ending:
        _opened(host, port).close()  # what is loaded with the first client is not counted
        before = _megabytes(servers)
        ears = Ears()
        for _ in range(clients):
            ears.add(ending.enter_context(_opened(host, port)))
        began, used = monotonic(), cpu_seconds(servers)
        written = _write(host, port, ears, seconds)
        ears.listen(PATIENCE_SECONDS, until=clients * len(written))
        elapsed, used = monotonic() - began, cpu_seconds(servers) - used
        grown = _megabytes(servers) - before
    times = [(at - written[number]) * 1000 for number, at in ears.heard if number in written]
    return Streams(
        clients,
        len(written),
        len(times),
        percentile(times, 0.5) if times else 0,
        percentile(times, 0.99) if times else 0,
        grown if servers else None,
        used / elapsed if servers else None,
    )


class Ears:
    """All clients' ends, listened to by one thread; `heard` are the numbers of the writes, and when."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, float]] = []
        self._selector = selectors.DefaultSelector()

    def add(self, end: socket.socket) -> None:
        end.setblocking(False)
        self._selector.register(end, selectors.EVENT_READ, bytearray())

    def listen(self, seconds: float, until: int | None = None) -> None:
        """For so long, or until so many have been heard."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0 and (until is None or len(self.heard) < until):
            for key, _ in self._selector.select(left):
                self._hear(key)

    def _hear(self, key: selectors.SelectorKey) -> None:
        assert isinstance(key.fileobj, socket.socket)
        more, text = key.fileobj.recv(65536), key.data
        if not more:
            self._selector.unregister(key.fileobj)
        text += more
        now, last = monotonic(), 0
        for found in HEARD.finditer(text):
            self.heard.append((int(found[1]), now))
            last = found.end()
        del text[: max(last, len(text) - LONGEST)]


def _opened(host: str, port: int) -> socket.socket:
    """A stream that has begun."""
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


def _write(host: str, port: int, ears: Ears, seconds: float) -> dict[int, float]:
    """When each job was asked for, which is gone in the end; the clients are listened to between the writes."""
    connection = HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    written: dict[int, float] = {}
    made: list[str] = []
    first = int(monotonic() * 1000)
    for number in range(first, first + max(int(seconds / WRITE_EVERY_SECONDS), 1)):
        written[number] = monotonic()
        body = json.dumps({"name": f"Heard by all {number}"})
        connection.request("POST", "/api/jobs/", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        made.append(answer.getheader("Location", ""))
        ears.listen(WRITE_EVERY_SECONDS)
    for job in made:
        connection.request("DELETE", job)
        connection.getresponse().read()
    connection.close()
    return written


def _megabytes(processes: set[int]) -> float:
    """Resident memory of all of them."""
    pages = sum(int((PROC / str(number) / "statm").read_text().split()[1]) for number in processes)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    [address, *numbers] = sys.argv[1:]
    clients, seconds = [*map(int, numbers), *(1000, 30)[len(numbers) :]]
    sys.stdout.write(f"{measure(address, clients, seconds)}\n")


if __name__ == "__main__":
    main()
