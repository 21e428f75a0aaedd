"""Requests that stall or never end are answered with an error; idle connections end with the server."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from jobs.models import Job
from jobs.tests.api.requests import HALF_BODY, HALF_CHUNKED, HEAD, POST, send_part
from jobs.tests.served import Server, answer_to_trickle, problem_in, read_all, served


@pytest.fixture(scope="module")
def one_server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture
def server(one_server: Server, transactional_db: None) -> Server:
    return one_server


@pytest.mark.parametrize("text", [HEAD, HALF_BODY, HALF_CHUNKED], ids=["head", "body", "chunks"])
def test_a_stalled_request_gets_a_408(server: Server, stack: ExitStack, text: bytes) -> None:
    client = send_part(server, stack, text)
    answer = read_all(client)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert problem_in(answer)["code"] == "too_slow"
    assert not Job.objects.exists()


def test_a_trickling_body_times_out(server: Server, stack: ExitStack) -> None:
    client = send_part(server, stack, POST + b'Content-Length: 60000\r\n\r\n{"name": "')
    answer = answer_to_trickle(client, b"W", pause=0.3)
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_rejects_an_endless_head(server: Server, stack: ExitStack) -> None:
    client = send_part(server, stack, HEAD + b"X-Long: " + b"x" * (1 << 17))
    assert b" 431 " in client.recv(1 << 12)


def test_an_idle_connection_does_not_delay_the_shutdown(
    tmp_path: Path, stack: ExitStack, transactional_db: None
) -> None:
    with served(tmp_path, GUNICORN_CMD_ARGS="--graceful-timeout 3600") as server:
        client = send_part(server, stack, b"")
        assert b" 200 OK" in server.get("/api/health/")
        server.process.terminate()
        assert client.recv(1) == b""
