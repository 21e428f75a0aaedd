"""The change feed served by gunicorn: one worker with four threads, and more waiting clients than threads."""

import json
import signal
import socket
import sys

import pytest

from jobs.benchmark import streams
from jobs.models import Job
from jobs.tests.factories import RUNNING, fill, make_job, wait_until_final
from jobs.tests.feed.event_server import (
    STREAM,
    EventServer,
    event,
    message,
    wait_until_clients_wait,
)
from jobs.tests.feed.received import is_readable, read_to_end
from jobs.tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def test_streams_and_polls_hold_no_threads(server: EventServer) -> None:
    cursor = server.cursor()
    streams = [server.stream() for _ in range(30)]
    polls = [server.connect(f"/api/events/?after={cursor}&wait=30") for _ in range(20)]
    for _ in range(20):
        assert server.ask("/api/jobs/?page_size=1").status == 200
    assert not any(is_readable(poll.sock) for poll in polls), "they still wait"
    make_job("Wing")
    for stream in streams:
        assert event(stream)["name"] == "Wing"
    for poll in polls:
        answer = server.response(poll)
        assert answer.status == 200
        assert json.loads(answer.read())["name"] == "Wing"
        assert answer.headers["Feed-Cursor"]
        assert "object-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_stream_resumes_where_it_was_interrupted(server: EventServer) -> None:
    fill(3)
    wait_until_final()
    stream = server.stream("?after=start")
    first = event(stream)
    stream.close()
    job = make_job(status=RUNNING)
    stream = server.stream("?after=start", first["id"])
    events = [event(stream) for _ in range(4)]
    assert [found["type"] for found in events] == ["job.created"] * 3 + ["job.status_changed"]
    assert events[-1]["job_id"] == job.pk


def test_clients_over_the_limit_get_a_503(server: EventServer) -> None:
    streams = [server.stream() for _ in range(60)]
    answer = server.ask("/api/events/", STREAM)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert json.loads(answer.read())["code"] == "too_many_listeners"
    assert server.ask("/api/events/?wait=5").status == 503
    assert server.ask("/api/events/").status == 200
    for stream in streams:
        stream.close()
    eventually(lambda: server.ask("/api/events/", STREAM).status == 200)


def test_a_keep_alive_connection_can_become_a_stream(server: EventServer) -> None:
    connection = server.connect("/api/health/")
    connection.getresponse().read()
    connection.request("GET", "/api/events/", headers=STREAM)
    answer = server.response(connection)
    message(answer)
    make_job("Wing")
    assert event(answer)["name"] == "Wing"


def test_stopping_the_server_ends_responses_and_loses_no_event(server: EventServer) -> None:
    cursor = server.cursor()
    poll = server.connect(f"/api/events/?after={cursor}&wait=30")
    wait_until_clients_wait()
    stream = server.stream()
    server.process.send_signal(signal.SIGTERM)
    *_, last = [*iter(lambda: message(stream), [])]
    assert last[0] == ":"
    assert poll.getresponse().read() == b""
    assert server.process.wait(60) == 0


def test_clients_that_disconnect_release_their_slots(server: EventServer) -> None:
    for number in range(150):  # more than the limit, one at a time
        with socket.create_connection(("127.0.0.1", server.port)) as abrupt:
            abrupt.sendall(
                b"GET /api/events/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
            )
            linger = (1).to_bytes(4, sys.byteorder) + bytes(4)
            abrupt.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)  # closing resets it
            if number % 2:
                abrupt.recv(10)
    eventually(lambda: server.ask("/api/events/", STREAM).status == 200)
    stream = server.stream()
    Job.objects.create_pending("Wing")
    assert event(stream)["name"] == "Wing"


def test_the_benchmark_receives_every_event(server: EventServer) -> None:
    found = streams.measure(f"http://127.0.0.1:{server.port}", clients=20, seconds=1)
    assert (found.clients, found.missed) == (20, 0)
    assert found.received == 20 * found.writes > 0
    assert 0 < found.p50 <= found.p99


def test_serves_an_http_1_0_client(server: EventServer) -> None:
    cursor = server.cursor()
    with server.send(f"/api/events/?wait=30&after={cursor}", "1.0") as old:
        wait_until_clients_wait()
        make_job("Wing")
        text = read_to_end(old)
    assert b'"name":"Wing"' in text
