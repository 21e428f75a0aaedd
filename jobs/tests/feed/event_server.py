"""A client of a served change feed."""

import json
import socket
from http.client import HTTPConnection, HTTPResponse
from typing import Any

from jobs.tests.factories import database_rows
from jobs.tests.served import Server
from jobs.tests.waiting import eventually

Headers = dict[str, str] | None
STREAM = {"Accept": "text/event-stream"}
HUB_READS = """
    SELECT pid, query_start FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE '%job_feed%' AND pid <> pg_backend_pid()
"""


class EventServer:
    def __init__(self, server: Server) -> None:
        self.port, self.process = server.port, server.process
        self._opened: list[HTTPConnection | HTTPResponse] = []

    def connect(self, path: str, headers: Headers = None) -> HTTPConnection:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        self._opened.append(connection)
        connection.request("GET", path, headers=headers or {})
        return connection

    def response(self, connection: HTTPConnection) -> HTTPResponse:
        """Returns once the head of the response has arrived; the body may still be incomplete."""
        answer = connection.getresponse()
        self._opened.append(answer)
        return answer

    def ask(self, path: str, headers: Headers = None) -> HTTPResponse:
        return self.response(self.connect(path, headers))

    def send(self, path: str, version: str = "1.1") -> socket.socket:
        """Sends a request as plain text."""
        client = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        client.sendall(f"GET {path} HTTP/{version}\r\nHost: localhost\r\n\r\n".encode())
        return client

    def cursor(self) -> str:
        return self.ask("/api/events/").headers["Feed-Cursor"]

    def stream(self, query: str = "", last: str | None = None) -> HTTPResponse:
        answer = self.ask(
            f"/api/events/{query}", STREAM | ({"Last-Event-ID": last} if last else {})
        )
        assert answer.status == 200, answer.read()
        assert message(answer)[0] == "retry: 2000"
        return answer

    def close(self) -> None:
        for opened in self._opened:
            opened.close()


def message(answer: HTTPResponse) -> list[str]:
    """The lines of the next message; empty at the end of the stream."""
    lines = []
    while line := answer.readline():
        if line == b"\n":
            break
        lines.append(line.decode().rstrip("\n"))
    return lines


def event(answer: HTTPResponse) -> dict[str, Any]:
    number, kind, data = message(answer)
    found: dict[str, Any] = json.loads(data.removeprefix("data: "))
    assert (number, kind) == (f"id: {found['id']}", f"event: {found['type']}")
    return found


def wait_until_clients_wait() -> None:
    """Waits until a session has read the feed several times: the hub, which does so only while clients wait."""
    seen: dict[int, set[Any]] = {}

    def is_polled() -> bool:
        for pid, began in database_rows(HUB_READS):
            seen.setdefault(pid, set()).add(began)
        return any(len(reads) > 3 for reads in seen.values())

    eventually(is_polled)
