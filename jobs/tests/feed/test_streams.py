"""The change feed served by gunicorn: one worker with four threads, and more waiting clients than threads."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from jobs.benchmark import streams
from jobs.models import Job
from jobs.tests.benchmark.test_benchmark import same_database  # noqa: F401  # a fixture
from jobs.tests.factories import RUNNING, fill, make_job, wait_until_final

pytestmark = pytest.mark.django_db(transaction=True)

Headers = dict[str, str] | None
STREAM = {"Accept": "text/event-stream"}


class EventServer:
    def __init__(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.port, self.process = port, process
        self.opened: list[HTTPConnection | HTTPResponse] = []

    def connect(self, path: str, headers: Headers = None) -> HTTPConnection:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.opened.append(connection)
        connection.request("GET", path, headers=headers or {})
        return connection

    def ask(self, path: str, headers: Headers = None) -> HTTPResponse:
        """Returns once the head of the response has arrived; the body may still be incomplete."""
        answer = self.connect(path, headers).getresponse()
        self.opened.append(answer)
        return answer

    def cursor(self) -> str:
        return self.ask("/api/events/").headers["Feed-Cursor"]

    def stream(self, query: str = "", last: str | None = None) -> HTTPResponse:
        answer = self.ask(
            f"/api/events/{query}", STREAM | ({"Last-Event-ID": last} if last else {})
        )
        assert answer.status == 200, answer.read()
        assert message(answer)[0] == "retry: 2000"
        return answer


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


@pytest.fixture
def served(same_database: None, tmp_path: Path) -> Iterator[EventServer]:  # noqa: F811
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "log"
    command = [sys.executable, "-m", "gunicorn", "--config", "project/gunicorn_conf.py"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}"],
            cwd=settings.BASE_DIR,
            env={**os.environ, "WEB_WORKERS": "1", "FEED_CLIENTS": "60", "SECRET_KEY": "x"},
            stdout=output,
            stderr=output,
        )
    found = EventServer(port, process)
    try:
        wait_until_healthy(found)
        yield found
    finally:
        for opened in found.opened:
            opened.close()
        process.terminate()
        process.wait(20)
    written = log.read_text()
    assert "Traceback" not in written, written
    assert "[ERROR]" not in written, written


def wait_until_healthy(served: EventServer) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            if served.ask("/api/health/").status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("The server did not start.")


def test_streams_and_polls_hold_no_threads(served: EventServer) -> None:
    cursor = served.cursor()
    streams = [served.stream() for _ in range(30)]
    polls = [served.connect(f"/api/events/?after={cursor}&wait=20") for _ in range(20)]
    time.sleep(0.3)
    began = time.monotonic()
    for _ in range(20):
        assert served.ask("/api/jobs/?page_size=1").status == 200
    assert time.monotonic() - began < 15
    make_job("Wing")
    for stream in streams:
        assert event(stream)["name"] == "Wing"
    for poll in polls:
        answer = poll.getresponse()
        assert answer.status == 200
        assert json.loads(answer.read())["name"] == "Wing"
        assert answer.headers["Feed-Cursor"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_stream_resumes_where_it_was_interrupted(served: EventServer) -> None:
    fill(3)
    wait_until_final()
    stream = served.stream("?after=start")
    first = event(stream)
    stream.close()
    job = make_job(status=RUNNING)
    stream = served.stream("?after=start", first["id"])
    events = [event(stream) for _ in range(4)]
    assert [found["type"] for found in events] == ["job.created"] * 3 + ["job.status_changed"]
    assert events[-1]["job_id"] == job.pk


def test_clients_over_the_limit_get_a_503(served: EventServer) -> None:
    streams = [served.stream() for _ in range(60)]
    answer = served.ask("/api/events/", STREAM)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert json.loads(answer.read())["code"] == "too_many_listeners"
    assert served.ask("/api/events/?wait=5").status == 503
    assert served.ask("/api/events/").status == 200
    for stream in streams:
        stream.close()
    end = time.monotonic() + 20
    while served.ask("/api/events/", STREAM).status != 200:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_keep_alive_connection_can_become_a_stream(served: EventServer) -> None:
    connection = served.connect("/api/health/")
    connection.getresponse().read()
    connection.request("GET", "/api/events/", headers=STREAM)
    answer = connection.getresponse()
    served.opened.append(answer)
    message(answer)
    make_job("Wing")
    assert event(answer)["name"] == "Wing"


def test_stopping_the_server_ends_responses_and_loses_no_event(served: EventServer) -> None:
    cursor = served.cursor()
    poll = served.connect(f"/api/events/?after={cursor}&wait=30")
    stream = served.stream()  # the server has accepted the poll before it
    time.sleep(0.5)
    began = time.monotonic()
    served.process.send_signal(signal.SIGTERM)
    *_, last = [*iter(lambda: message(stream), [])]
    assert last[0] == ":"
    assert poll.getresponse().read() == b""
    assert served.process.wait(20) == 0
    assert time.monotonic() - began < 13


def test_clients_that_disconnect_release_their_slots(served: EventServer) -> None:
    for number in range(150):  # more than the limit, one at a time
        with socket.create_connection(("127.0.0.1", served.port)) as abrupt:
            abrupt.sendall(
                b"GET /api/events/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
            )
            linger = (1).to_bytes(4, sys.byteorder) + bytes(4)
            abrupt.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)  # closing resets it
            if number % 2:
                abrupt.recv(10)
    stream = served.stream()
    Job.objects.create_pending("Wing")
    assert event(stream)["name"] == "Wing"


def test_the_benchmark_receives_every_event(served: EventServer) -> None:
    found = streams.measure(f"http://127.0.0.1:{served.port}", clients=20, seconds=1)
    assert (found.clients, found.writes, found.received, found.missed) == (20, 2, 40, 0)
    assert 0 < found.p50 <= found.p99


def test_serves_an_http_1_0_client(served: EventServer) -> None:
    cursor = served.cursor()
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as old:
        poll = f"GET /api/events/?wait=10&after={cursor} HTTP/1.0\r\nHost: localhost\r\n\r\n"
        old.sendall(poll.encode())
        time.sleep(0.4)
        make_job("Wing")
        text = b""
        while more := old.recv(65536):
            text += more
    assert b'"name":"Wing"' in text
