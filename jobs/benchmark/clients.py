"""Clients of a served dashboard, in a separate process: `python -m jobs.benchmark.clients`.

Standard library only, without Django's settings. Reads a JSON object from stdin and writes a line of JSON for each
call.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from itertools import count
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from jobs.benchmark.figures import percentile

TIMEOUT_SECONDS = 30
NO_RESPONSE = "no response"


class Client:
    """A client with one persistent connection. Only the call's own requests are timed, not their preparation."""

    def __init__(self, task: Mapping[str, Any]) -> None:
        address = urlsplit(task["address"])
        host, port = address.hostname or "", address.port
        self._connection = HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
        self._create: dict[str, Any] = task["create"]
        self.times: list[float] = []
        self.others: Counter[str] = Counter()

    def work(self, call: Mapping[str, Any], turns: "count[int]", limit: int, end: float) -> None:
        """Shares the turns with the other clients until the time or the limit is reached."""
        while time.monotonic() < end and (turn := next(turns)) < limit:
            try:
                self._take(call, turn)
            except (OSError, HTTPException):
                self.others[NO_RESPONSE] += 1
                self._connection.close()
                time.sleep(0.05)
        self._connection.close()

    def _take(self, call: Mapping[str, Any], turn: int) -> None:
        request = call["requests"][turn % len(call["requests"])]
        path = request["path"]
        if call["fresh"]:
            path = self._ask(self._create, self._create["path"])[1]
        began = time.perf_counter()
        status, _ = self._ask(request, path)
        self.times.append((time.perf_counter() - began) * 1000)
        if status != request["expected"]:
            self.others[str(status)] += 1

    def _ask(self, request: Mapping[str, Any], path: str) -> tuple[int, str]:
        """The response's status and Location. Reads the body to the end."""
        body = request["body"] or None
        self._connection.request(request["method"], path, body, request["headers"])
        response = self._connection.getresponse()
        response.read()
        return response.status, response.getheader("Location", "")


def run(task: Mapping[str, Any], call: Mapping[str, Any]) -> dict[str, Any]:
    """Runs all clients concurrently on one call. Times in ms; None if there was no response at all."""
    clients = [Client(task) for _ in range(task["clients"])]
    turns, began = count(), time.monotonic()
    end = began + task["seconds"]
    threads = [
        Thread(target=client.work, args=(call, turns, task["limit"], end)) for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - began
    times = [ms for client in clients for ms in client.times]
    others = sum((client.others for client in clients), Counter[str]())
    return {
        "name": call["name"],
        "responses": len(times),
        "p50": percentile(times, 0.5) if times else None,
        "p99": percentile(times, 0.99) if times else None,
        "per_second": len(times) / seconds,
        "others": dict(others),
    }


def main() -> None:
    task = json.load(sys.stdin)
    for call in task["calls"]:
        sys.stdout.write(json.dumps(run(task, call)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
