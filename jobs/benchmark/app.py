"""The product in this process: called as gunicorn calls it, with every middleware, and nothing around it."""

import io
import json
from dataclasses import dataclass, replace
from time import perf_counter, thread_time
from typing import Any
from urllib.parse import urlsplit

from django.core.servers.basehttp import get_internal_wsgi_application

from jobs.benchmark.calls import NEW_JOB
from jobs.benchmark.requests import Call, Request


class UnexpectedAnswer(Exception):
    """The product did not answer what the benchmark builds on."""


@dataclass(frozen=True)
class Answer:
    """`cpu` is this thread's time, `elapsed` the clock's, both in ms and up to the last byte of the body."""

    status: int
    headers: dict[str, str]
    body: bytes
    cpu: float
    elapsed: float

    @property
    def content(self) -> Any:
        return json.loads(self.body)


class App:
    def __init__(self) -> None:
        self._handler: Any = get_internal_wsgi_application()

    def answer(self, request: Request) -> Answer:
        """Whatever the product answers; only its own work is timed."""
        environ = _environ(request)
        started: list[tuple[int, dict[str, str]]] = []

        def start(status: str, headers: list[tuple[str, str]], *_: object) -> Any:
            started.append((int(status.split()[0]), dict(headers)))

        clock, cpu = perf_counter(), thread_time()
        response = self._handler(environ, start)
        body = b"".join(response)
        response.close()  # the database connection goes back to its pool here
        cpu, elapsed = thread_time() - cpu, perf_counter() - clock
        [(status, headers)] = started
        return Answer(status, headers, body, cpu * 1000, elapsed * 1000)

    def expect(self, request: Request) -> Answer:
        answer = self.answer(request)
        if answer.status != request.expected:
            raise UnexpectedAnswer(
                f"{request.method} {request.path} was answered with {answer.status}."
            )
        return answer

    def request_of(self, call: Call, number: int) -> Request:
        """The call's request for this turn; where it needs a job of its own, that is made first."""
        request = call.requests[number % len(call.requests)]
        return replace(request, path=self.make_job()) if call.fresh else request

    def make_job(self) -> str:
        """A new job's address."""
        return self.expect(NEW_JOB).headers["Location"]


def _environ(request: Request) -> dict[str, Any]:
    address = urlsplit(request.path)
    body = request.body.encode()
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": address.path,
        "QUERY_STRING": address.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key.startswith("CONTENT_") else f"HTTP_{key}"] = value
    return environ
