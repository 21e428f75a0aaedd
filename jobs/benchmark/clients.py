"""Eight clients of a served dashboard, in a process of its own: `python -m jobs.benchmark.clients`.

Rule: standard library only, no settings. Reads one JSON object, writes a line of JSON for each call.
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

PATIENCE_SECONDS = 30
NO_ANSWER = "no answer"


class Client:
    """One kept connection. Only the requests of the call are timed, not what they need before."""

    def __init__(self, task: Mapping[str, Any]) -> None:
        address = urlsplit(task["address"])
        host, port = address.hostname or "", address.port
        self._connection = HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
        self._create: dict[str, Any] = task["create"]
        self.times: list[float] = []
        self.others: Counter[str] = Counter()

    def work(self, call: Mapping[str, Any], turns: "count[int]", most: int, end: float) -> None:
        """Takes turns with the other clients until the time is over or all turns are taken."""
        while time.monotonic() < end and (turn := next(turns)) < most:
            try:
                self._take(call, turn)
            except (OSError, HTTPException):
                self.others[NO_ANSWER] += 1
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
        """The answer's status and its Location; the body is read to its end."""
        body = request["body"] or None
        self._connection.request(request["method"], path, body, request["headers"])
        response = self._connection.getresponse()
        response.read()
        return response.status, response.getheader("Location", "")


def run(task: Mapping[str, Any], call: Mapping[str, Any]) -> dict[str, Any]:
    """All clients at once on one call. Times in ms; None where there was no answer at all."""
    clients = [Client(task) for _ in range(task["clients"])]
    turns, began = count(), time.monotonic()
    end = began + task["seconds"]
    threads = [
        Thread(target=client.work, args=(call, turns, task["most"], end)) for client in clients
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
        "answers": len(times),
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
