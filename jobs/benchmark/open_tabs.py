"""A thousand open tabs, all of them looked at and in use, while somebody writes: what they cost the server.

`python -m jobs.benchmark.open_tabs http://127.0.0.1:8000` measures a dashboard that is running; it makes jobs there.
"""

from __future__ import annotations

import json
import resource
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from http.client import HTTPConnection
from itertools import count, cycle
from threading import Event, Lock, Thread
from time import monotonic
from urllib.parse import urlsplit

from jobs.benchmark.figures import percentile
from jobs.benchmark.listeners import cpu_seconds, serving
from jobs.benchmark.tab import TIMEOUT_SECONDS, Tab, opened

LISTS = ("", "status=FAILED", "ordering=-updated_at", "status=RUNNING&status=PENDING&page_size=100")
ASKERS = 16
INTERVAL_SECONDS = 3.0
SETTLING_SECONDS = 15.0


@dataclass(frozen=True)
class OpenTabs:
    """`core` is the share of one core that the server's processes took; None where they cannot be seen."""

    tabs: int
    seconds: float
    core: float | None
    per_second: float
    unchanged: float
    p50: float
    p99: float
    others: dict[str, int]


def measure(address: str, tabs: int, seconds: float, writes_per_second: float = 1) -> OpenTabs:
    """`seconds` of it count, after the tabs have settled into the pace that the server asks for."""
    url = urlsplit(address)
    host, port = url.hostname or "", url.port or 80
    allow_files(tabs + 100)
    settling = min(SETTLING_SECONDS, seconds)
    round_of_tabs = _Round(host, port, tabs)
    with _writing(host, port, writes_per_second), round_of_tabs.asking() as answers:
        Event().wait(settling)
        servers = serving(port)
        answers.clear()
        began, before = monotonic(), cpu_seconds(servers)
        Event().wait(seconds)
        used, elapsed = cpu_seconds(servers) - before, monotonic() - began
        counted = list(answers)
    times = [took * 1000 for _, took in counted]
    statuses = Counter(status for status, _ in counted)
    return OpenTabs(
        tabs,
        elapsed,
        used / elapsed if servers else None,
        len(counted) / elapsed,
        statuses[304] / max(len(counted), 1),
        percentile(times, 0.5) if times else 0,
        percentile(times, 0.99) if times else 0,
        {str(status): n for status, n in statuses.items() if status not in (200, 304)},
    )


class _Round:
    """The tabs in the order of their turns; a few threads take them."""

    def __init__(self, host: str, port: int, number: int) -> None:
        lists = cycle([opened(host, port, query) for query in LISTS])
        start = monotonic()
        # opened one after the other, not in step
        self._turns = [
            (
                start + INTERVAL_SECONDS * n / number,
                n,
                Tab(host, port, next(lists), INTERVAL_SECONDS),
            )
            for n in range(number)
        ]
        heapify(self._turns)
        self._lock = Lock()
        self._over = Event()
        self._answers: list[tuple[int, float]] = []

    @contextmanager
    def asking(self) -> Iterator[list[tuple[int, float]]]:
        """The answers' statuses and times in seconds, as they come."""
        threads = [Thread(target=self._ask) for _ in range(ASKERS)]
        for thread in threads:
            thread.start()
        try:
            yield self._answers
        finally:
            self._over.set()
            for thread in threads:
                thread.join()
            for _, _, tab in self._turns:
                tab.close()

    def _ask(self) -> None:
        while not self._over.is_set():
            with self._lock:
                turn = heappop(self._turns) if self._turns else None
            if turn is None:
                self._over.wait(0.05)
                continue
            due, number, tab = turn
            if self._over.wait(max(0, due - monotonic())):
                tab.close()
                return
            status, took, wait = tab.ask()
            self._answers.append((status, took))
            with self._lock:
                heappush(self._turns, (monotonic() + wait, number, tab))


@contextmanager
def _writing(host: str, port: int, per_second: float) -> Iterator[None]:
    """Creates a job and sets the status of the one before, in turn."""
    over = Event()

    def send(connection: HTTPConnection, method: str, path: str, body: object) -> str:
        connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        return response.getheader("Location", "")

    def write() -> None:
        connection = HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
        job = ""
        for number in count():
            if over.wait(1 / per_second):
                break
            if number % 2:
                send(connection, "PATCH", job, {"status_type": "FAILED"})
            else:
                job = send(connection, "POST", "/api/jobs/", {"name": f"Seen by all {number}"})
        connection.close()

    thread = Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def allow_files(number: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(number, hard), hard))


def main() -> None:
    [address, *numbers] = sys.argv[1:]
    tabs, seconds = (
        [*map(int, numbers), 1000, 60][:2] if len(numbers) != 1 else (int(numbers[0]), 60)
    )
    sys.stdout.write(f"{measure(address, tabs, seconds)}\n")


if __name__ == "__main__":
    main()
