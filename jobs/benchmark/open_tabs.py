"""The cost of many open tabs, all visible and in use, while another client makes changes."""

from __future__ import annotations

import json
import resource
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
from jobs.benchmark.server_processes import cpu_seconds, listening
from jobs.benchmark.tab import TIMEOUT_SECONDS, Tab, open_list

LISTS = ("", "status=FAILED", "ordering=-updated_at", "status=RUNNING&status=PENDING&page_size=100")
THREADS = 16
INTERVAL_SECONDS = 3.0
WARM_UP_SECONDS = 15.0


@dataclass(frozen=True)
class OpenTabs:
    """`core` is the share of one core that the server's processes used; None if they are not visible."""

    tabs: int
    seconds: float
    core: float | None
    per_second: float
    unchanged: float
    p50: float
    p99: float
    others: dict[str, int]


def measure(address: str, tabs: int, seconds: float, writes_per_second: float = 1) -> OpenTabs:
    """Measures for `seconds`, after a warm-up in which the tabs adopt the poll interval that the server demands."""
    url = urlsplit(address)
    host, port = url.hostname or "", url.port or 80
    allow_files(tabs + 100)
    warm_up = min(WARM_UP_SECONDS, seconds)
    servers = listening(port)
    scheduler = Scheduler(host, port, tabs)
    with _writing(host, port, writes_per_second), scheduler.polling() as responses:
        Event().wait(warm_up)
        responses.clear()
        began, before = monotonic(), cpu_seconds(servers)
        Event().wait(seconds)
        used, elapsed = cpu_seconds(servers) - before, monotonic() - began
        counted = list(responses)
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


class Scheduler:
    """The tabs in the order of their next polls, which a few threads perform."""

    def __init__(self, host: str, port: int, number: int) -> None:
        lists = cycle([open_list(host, port, query) for query in LISTS])
        start = monotonic()
        # the tabs start at different times
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
        self._responses: list[tuple[int, float]] = []

    @contextmanager
    def polling(self) -> Iterator[list[tuple[int, float]]]:
        """The statuses of the responses and their times in seconds, a list that grows."""
        threads = [Thread(target=self._poll) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        try:
            yield self._responses
        finally:
            self._over.set()
            for thread in threads:
                thread.join()
            for _, _, tab in self._turns:
                tab.close()

    def _poll(self) -> None:
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
            status, took, wait = tab.poll()
            self._responses.append((status, took))
            with self._lock:
                heappush(self._turns, (monotonic() + wait, number, tab))


@contextmanager
def _writing(host: str, port: int, per_second: float) -> Iterator[None]:
    """Alternately creates a job and sets its status."""
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
