"""Odd requests as gunicorn hands them on: what no test client can send."""

import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from jobs.tests.factories import make_job
from jobs.tests.problems import stored
from jobs.tests.served import Server, everything, problem_in, served

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    with served(tmp_path, SECRET_KEY="x") as server:  # noqa: S106
        yield server
    written = server.log.read_text()
    assert "[ERROR]" not in written, written
    assert "no-body response" not in written, written


def test_a_content_type_that_cannot_be_read_is_a_bad_request(server: Server) -> None:
    headers = "Content-Type: text/plain; charset*=foo''%41\nContent-Length: 2"
    answer = server.ask(f"POST /api/jobs/ HTTP/1.1\n{headers}", b"{}")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert problem_in(answer)["code"] == "bad_request"


@pytest.mark.parametrize("body", [b'{"name": "cutoff"}', b'{"name": "cu', b""])
def test_a_body_that_breaks_off_is_not_taken_for_a_whole_one(server: Server, body: bytes) -> None:
    job, own = make_job(), uuid4()
    before = stored()
    for call in ("POST /api/jobs/", f"PATCH /api/jobs/{job.pk}/", "PATCH /api/jobs/"):
        for key in ("", f"\nIdempotency-Key: {own}"):
            head = f"{call} HTTP/1.1\nContent-Type: application/json\nContent-Length: 60{key}"
            with server.send(head, body) as client:
                client.shutdown(socket.SHUT_WR)
                answer = everything(client)
            assert answer.startswith(b"HTTP/1.1 400 "), answer
            assert problem_in(answer)["code"] == "body_incomplete"
    assert stored() == before
    head = f"POST /api/jobs/ HTTP/1.1\nContent-Type: application/json\nIdempotency-Key: {own}"
    whole = b'{"name": "whole"}'
    answer = server.ask(f"{head}\nContent-Length: {len(whole)}", whole)
    assert answer.startswith(b"HTTP/1.1 201 "), answer
    assert b"Idempotent-Replayed" not in answer


def test_only_the_head_of_an_answer_goes_out_where_only_that_is_asked_for(server: Server) -> None:
    job = make_job()
    for path in ("/api/jobs/", f"/api/jobs/{job.pk}/", "/api/jobs/export/", "/api/events/"):
        answer = server.ask(f"HEAD {path} HTTP/1.1")
        assert answer.partition(b"\r\n\r\n")[2] == b""
        assert b"Content-Type: application/" in answer


def test_an_answer_without_content_has_no_length(server: Server) -> None:
    job = make_job()
    for head in (f"DELETE /api/jobs/{job.pk}/", "OPTIONS /api/events/", "OPTIONS /api/docs/"):
        answer = server.ask(f"{head} HTTP/1.1")
        assert answer.startswith(b"HTTP/1.1 204 ")
        assert answer.partition(b"\r\n\r\n")[2] == b""
        assert b"Content-Length" not in answer
        assert b"Transfer-Encoding" not in answer
        assert b"\r\nContent-Type:" not in answer


def test_the_head_of_a_stream_is_a_stream_s(server: Server) -> None:
    make_job()
    answer = server.ask("HEAD /api/events/?after=start HTTP/1.1\nAccept: text/event-stream")
    assert answer.startswith(b"HTTP/1.1 200 ")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert body == b""
    assert b"Content-Type: text/event-stream" in head
    assert b"X-Accel-Buffering: no" in head
    assert b"Content-Length" not in head
    lost = server.ask("HEAD /api/events/?after=x HTTP/1.1\nAccept: text/event-stream")
    assert lost.startswith(b"HTTP/1.1 400 ")
