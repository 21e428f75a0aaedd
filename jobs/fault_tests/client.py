"""A client of the API that repeats a request until it is answered, as the guide tells clients to."""

import json
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException
from time import monotonic, sleep
from typing import Any, Final
from uuid import uuid4

from jobs.tests.waiting import DEADLINE_SECONDS

PAUSE_SECONDS: Final = 0.1


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    text: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.text)


class Api:
    """One connection for each request: the server may have been replaced since the last one."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.repeated = 0

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        """A change, which is made once however often it is sent."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": f'"{uuid4()}"'}
        return self._ask(method, path, json.dumps(body) if body is not None else "", headers)

    def operation(self, operation_id: int) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/api/operations/{operation_id}/").content
        return found

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        end = monotonic() + DEADLINE_SECONDS
        while True:
            try:
                answer = self.once(method, path, body, headers)
                if answer.status < 500 and "Retry-After" not in answer.headers:
                    return answer
                failure = f"{answer.status} {answer.text[:500]!r}"
            except (OSError, HTTPException) as error:
                failure = repr(error)
            assert monotonic() < end, f"{method} {path}: {failure}"
            self.repeated += 1
            sleep(PAUSE_SECONDS)

    def once(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
