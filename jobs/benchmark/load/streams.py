"""Clients of the change feed: `python -m jobs.benchmark.load.streams ADDRESS CLIENTS CURSOR`.

Each reads a stream from the cursor on, and resumes it where it ends. A line on standard input is the cursor to read up to.
Then writes a line of JSON: how many events each has got, in order and once.
"""

import json
import re
import selectors
import socket
import sys
from collections import Counter
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import IO, Final
from urllib.parse import urlsplit

from jobs.benchmark.open_tabs import allow_files

TIMEOUT_SECONDS: Final = 30
# How long the last events may take to reach all clients.
LAST_SECONDS: Final = 120.0
EVENT: Final = re.compile(rb"\nid: [0-9a-f]+-(\d+)-(\d+)\nevent: job\.")
CURSOR: Final = re.compile(rb"\nid: ([0-9a-f]+-\d+-\d+)\n")
# An event that has arrived in part begins within this much of the end.
TAIL_BYTES: Final = 200


@dataclass
class Stream:
    """`position` is that of the last event, `digest` the sum of the events' numbers."""

    cursor: bytes
    position: tuple[int, int]
    end: socket.socket | None = None
    tail: bytes = b"\n"
    events: int = 0
    digest: int = 0
    out_of_order: int = 0
    resumed: int = -1

    def receive(self, more: bytes) -> None:
        text = self.tail + more
        last = 0
        for found in EVENT.finditer(text):
            position = int(found[1]), int(found[2])
            self.out_of_order += position <= self.position
            self.position = position
            self.digest += position[1]
            self.events += 1
            last = found.end()
        for found in CURSOR.finditer(text):
            self.cursor = found[1]
        self.tail = text[max(last - 1, len(text) - TAIL_BYTES, 0) :]


class Listener:
    """All streams in one thread."""

    def __init__(self, address: str, clients: int, cursor: str) -> None:
        url = urlsplit(address)
        self._address = url.hostname or "", url.port or 80
        self._selector = selectors.DefaultSelector()
        _, turn, number = cursor.split("-")
        position = int(turn), int(number)
        self.streams = [Stream(cursor.encode(), position) for _ in range(clients)]
        self.failed: Counter[str] = Counter()

    def listen(self, until: tuple[int, int] | None, seconds: float) -> None:
        """Until all are at the position, or the time is over, or there is a command."""
        deadline = monotonic() + seconds
        while monotonic() < deadline and not self._is_over(until):
            for stream in self.streams:
                if stream.end is None:
                    self._open(stream)
            for key, _ in self._selector.select(1):
                if key.data is None:
                    return
                self._receive(key.data)

    def listen_to(self, commands: IO[str]) -> str:
        """Until the commands have a line, which is returned."""
        self._selector.register(commands, selectors.EVENT_READ)
        self.listen(None, inf)
        self._selector.unregister(commands)
        return commands.readline().strip()

    def _is_over(self, until: tuple[int, int] | None) -> bool:
        return until is not None and all(stream.position >= until for stream in self.streams)

    def _open(self, stream: Stream) -> None:
        try:
            end = socket.create_connection(self._address, timeout=TIMEOUT_SECONDS)
        except OSError as error:
            self.failed[repr(error)] += 1
            return
        end.sendall(
            b"GET /api/events/?after=%b HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
            % stream.cursor
        )
        end.setblocking(False)
        stream.end, stream.tail = end, b"\n"
        stream.resumed += 1
        self._selector.register(end, selectors.EVENT_READ, stream)

    def _receive(self, stream: Stream) -> None:
        assert stream.end is not None
        try:
            more = stream.end.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        if more.startswith(b"HTTP/1.1 ") and not more.startswith(b"HTTP/1.1 200"):
            self.failed[more.partition(b"\r\n")[0].decode()] += 1
        if more:
            stream.receive(more)
            return
        self._selector.unregister(stream.end)
        stream.end.close()
        stream.end = None


def main() -> None:
    address, clients, cursor = sys.argv[1:]
    allow_files(int(clients) + 100)
    listener = Listener(address, int(clients), cursor)
    _, turn, number = listener.listen_to(sys.stdin).split("-")
    listener.listen((int(turn), int(number)), LAST_SECONDS)
    streams = listener.streams
    found = {
        "streams": len(streams),
        "events": sorted({stream.events for stream in streams}),
        "digests": sorted({stream.digest for stream in streams}),
        "out_of_order": sum(stream.out_of_order for stream in streams),
        "resumed": sum(stream.resumed for stream in streams),
        "failed": dict(listener.failed),
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
