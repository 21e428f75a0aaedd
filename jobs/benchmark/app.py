"""The product in this process, called through WSGI as gunicorn does, with every middleware."""

import io
import json
from dataclasses import dataclass, replace
from time import perf_counter, thread_time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from jobs.benchmark.calls import NEW_JOB
from jobs.benchmark.requests import Call, Request


class UnexpectedResponse(Exception):
    """A response that the benchmark depends on has an unexpected status."""


@dataclass(frozen=True)
class Response:
    """`cpu` is this thread's CPU time, `elapsed` the elapsed time, both in ms and up to the last byte of the body."""

    status: int
    headers: dict[str, str]
    body: bytes
    cpu: float
    elapsed: float

    @property
    def content(self) -> Any:
        return json.loads(self.body)


class App:
    """Django's handler, the product's own unless another one is given."""

    def __init__(self, handler: Any = None) -> None:
        self._handler = handler or import_string(settings.WSGI_APPLICATION)

    def send(self, request: Request) -> Response:
        """Sends the request; only the product's own work is timed."""
        environ = _environ(request)
        started: list[tuple[int, dict[str, str]]] = []

        def start(status: str, headers: list[tuple[str, str]], *_: object) -> Any:
            started.append((int(status.split()[0]), dict(headers)))

        clock, cpu = perf_counter(), thread_time()
        response = self._handler(environ, start)
        body = b"".join(response)
        response.close()  # returns the database connection to its pool
        cpu, elapsed = thread_time() - cpu, perf_counter() - clock
        [(status, headers)] = started
        return Response(status, headers, body, cpu * 1000, elapsed * 1000)

    def expect(self, request: Request) -> Response:
        response = self.send(request)
        if response.status != request.expected:
            raise UnexpectedResponse(
                f"{request.method} {request.path} returned status {response.status}."
            )
        return response

    def request_of(self, call: Call, number: int) -> Request:
        """The call's request for this round. If the call needs a new job, creates it first."""
        request = call.requests[number % len(call.requests)]
        return replace(request, path=self.make_job()) if call.fresh else request

    def make_job(self) -> str:
        """The URL of a new job."""
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
