"""Clients that send what the plan says, when it is due: `python -m jobs.benchmark.load.traffic ADDRESS SECONDS LOW HIGH`.

A slow response delays no other request, and the time of a response counts from when its request was due: waiting for a free
client is part of it. Writes a line of JSON.
"""

import json
import sys
from collections import Counter, defaultdict
from heapq import heapify, heappop, heappush
from http.client import HTTPConnection, HTTPException
from random import Random
from threading import Lock, Thread
from time import monotonic, sleep
from typing import Any, Final
from urllib.parse import urlsplit

from jobs.benchmark.figures import percentile
from jobs.benchmark.load.plan import NAME, PLAN, Memory, Request

CLIENTS: Final = 24
TIMEOUT_SECONDS: Final = 60
NO_RESPONSE: Final = "no response"
MOST_EXAMPLES: Final = 10


class Traffic:
    def __init__(self, address: str, seconds: float, memory: Memory) -> None:
        url = urlsplit(address)
        self._host, self._port = url.hostname or "", url.port or 80
        self._memory, self._lock = memory, Lock()
        start = monotonic()
        self._end = start + seconds
        # Not all at once
        self._turns = [
            (start + memory.random.random() / rate, name) for name, (rate, _) in PLAN.items()
        ]
        heapify(self._turns)
        self.times: dict[str, list[float]] = defaultdict(list)
        self.errors: dict[str, Counter[str]] = defaultdict(Counter)
        self.examples: list[str] = []

    def run(self) -> None:
        threads = [Thread(target=self._work) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self) -> None:
        connection = HTTPConnection(self._host, self._port, timeout=TIMEOUT_SECONDS)
        while (turn := self._next()) is not None:
            due, name, request = turn
            sleep(max(0, due - monotonic()))
            if request:
                self._send(connection, name, request, due)
        connection.close()

    def _next(self) -> tuple[float, str, Request | None] | None:
        """The call that is due next; None at the end."""
        with self._lock:
            due, name = heappop(self._turns)
            rate, build = PLAN[name]
            heappush(self._turns, (due + 1 / rate, name))
            return (due, name, build(self._memory)) if due < self._end else None

    def _send(self, connection: HTTPConnection, name: str, request: Request, due: float) -> None:
        try:
            status, body = _ask(connection, request)
        except (OSError, HTTPException) as error:
            connection.close()
            self._note(name, NO_RESPONSE, f"{request.method} {request.path}: {error!r}")
            return
        self.times[name].append((monotonic() - due) * 1000)
        if status not in request.expected:
            self._note(name, str(status), f"{request.method} {request.path}: {body[:300]!r}")
        elif status == 201 and request.method == "POST":
            self._remember(json.loads(body))

    def _remember(self, job: Any) -> None:
        with self._lock:
            self._memory.own.append(job["id"])

    def _note(self, name: str, what: str, example: str) -> None:
        with self._lock:
            self.errors[name][what] += 1
            if len(self.examples) < MOST_EXAMPLES:
                self.examples.append(f"{name}: {what}: {example}")


def _ask(connection: HTTPConnection, request: Request) -> tuple[int, bytes]:
    """Once more where the server has closed an idle connection before the request reached it."""
    try:
        return _ask_once(connection, request)
    except ConnectionError:
        if request.method != "GET" and "Idempotency-Key" not in request.headers:
            raise
        connection.close()
        return _ask_once(connection, request)


def _ask_once(connection: HTTPConnection, request: Request) -> tuple[int, bytes]:
    connection.request(request.method, request.path, request.body or None, request.headers)
    response = connection.getresponse()
    return response.status, response.read()


def main() -> None:
    address, seconds, low, high = sys.argv[1:]
    traffic = Traffic(address, float(seconds), Memory(int(low), int(high), Random(NAME)))  # noqa: S311  # repeatable
    traffic.run()
    calls = {
        name: {
            "responses": len(times),
            "p50": percentile(times, 0.5),
            "p99": percentile(times, 0.99),
            "slowest": max(times),
        }
        for name, times in sorted(traffic.times.items(), key=lambda pair: list(PLAN).index(pair[0]))
    }
    errors = {name: dict(found) for name, found in traffic.errors.items()}
    json.dump({"calls": calls, "errors": errors, "examples": traffic.examples}, sys.stdout)


if __name__ == "__main__":
    main()
