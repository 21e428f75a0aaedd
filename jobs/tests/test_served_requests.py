"""Odd requests as gunicorn hands them on: what no test client can send."""

import socket
from collections.abc import Iterator
from uuid import uuid4

import pytest

from jobs.tests.factories import make_job
from jobs.tests.problems import stored
from jobs.tests.served import Server, everything, problem_in, served

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def one_server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("served"), SECRET_KEY="x") as server:  # noqa: S106
        yield server


@pytest.fixture
def server(one_server: Server, transactional_db: None) -> Iterator[Server]:
    before = len(one_server.log.read_text())
    yield one_server
    written = one_server.log.read_text()[before:]
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
    calls = ["POST /api/jobs/", "PATCH /api/jobs/"]
    calls += [f"PATCH /api/jobs/{job.pk}/", f"DELETE /api/jobs/{job.pk}/"]
    for call in calls:
        for key in ("", f"\nIdempotency-Key: {own}"):
            head = f"{call} HTTP/1.1\nContent-Type: application/json\nContent-Length: 60{key}"
            with server.send(head, body) as client:
                client.shutdown(socket.SHUT_WR)
                answer = everything(client)
            assert answer.startswith(b"HTTP/1.1 400 "), answer
            assert problem_in(answer)["code"] == "body_incomplete"
            chunked = head.replace("Content-Length: 60", "Transfer-Encoding: chunked")
            with server.send(
                chunked, b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            ) as client:
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


@pytest.mark.parametrize(
    "header",
    [
        "SCRIPT_NAME: /x",
        "SCRIPT_NAME: /api",
        "SCRIPT_NAME: /api/x",
        "Script-Name: /api",
        "PATH_INFO: /api/schema/",
        "SCRIPT_URL: /x/api/jobs/",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Ssl: on",
        "X-Forwarded-Protocol: ssl",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Port: 81",
        "X-Forwarded-Prefix: /x",
        "X-Original-URL: /api/schema/",
        "X-HTTP-Method-Override: DELETE",
        "Forwarded: proto=https;host=evil.example",
    ],
)
def test_no_header_of_a_client_moves_the_application(server: Server, header: str) -> None:
    for _ in range(2):
        make_job()
    plain = server.ask("GET /api/jobs/?page_size=1 HTTP/1.1")
    asked = server.ask(f"GET /api/jobs/?page_size=1 HTTP/1.1\n{header}")
    assert asked.partition(b"\r\n\r\n")[2] == plain.partition(b"\r\n\r\n")[2]
    assert b"http://localhost/api/jobs/" in asked
    # Nor does it lead around a proxy that guards some addresses.
    assert server.ask(f"GET /api/x/api/jobs/ HTTP/1.1\n{header}").startswith(b"HTTP/1.1 404 ")


def test_a_refused_host_is_told_so_and_logged_in_a_line(server: Server) -> None:
    before = len(server.log.read_text())
    with server.connect() as client:
        client.sendall(
            b"GET /api/jobs/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
        )
        answer = everything(client)
    assert b'"code": "host_not_allowed"' in answer
    written = server.log.read_text()[before:]
    [line] = [line for line in written.splitlines() if "evil.example" in line]
    assert "django.security.DisallowedHost" in line
    assert "Traceback" not in written


def test_a_body_in_chunks_is_read(server: Server) -> None:
    head = "POST /api/jobs/ HTTP/1.1\nContent-Type: application/json\nTransfer-Encoding: chunked"
    answer = server.ask(head, b'9\r\n{"name": \r\n9\r\n"Wing 7"}\r\n0\r\n\r\n')
    assert answer.startswith(b"HTTP/1.1 201 "), answer
    assert problem_in(answer)["name"] == "Wing 7"


@pytest.mark.parametrize("length", ["65537", "2000000", "9" * 23])
@pytest.mark.parametrize("more", ["", "\nExpect: 100-continue"])
def test_a_body_that_is_too_large_is_refused_before_it_comes(
    server: Server, length: str, more: str
) -> None:
    with server.send(f"POST /api/jobs/ HTTP/1.1\nContent-Length: {length}{more}") as client:
        answer = everything(client)
    assert answer.startswith(b"HTTP/1.1 413 Content Too Large\r\n"), answer
    assert problem_in(answer)["code"] == "body_too_large"


def test_an_interim_answer_asks_for_the_body_once(server: Server) -> None:
    body = b'{"name": "Expected"}'
    head = f"POST /api/jobs/ HTTP/1.1\nContent-Type: application/json\nContent-Length: {len(body)}"
    with server.send(f"{head}\nConnection: close\nExpect: 100-continue") as client:
        assert client.recv(1 << 12) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(body)
        answer = everything(client)
    assert answer.startswith(b"HTTP/1.1 201 "), answer


def test_a_request_names_its_host_and_speaks_a_known_version(server: Server) -> None:
    def asked(text: bytes) -> bytes:
        with server.connect() as client:
            client.sendall(text)
            return everything(client)

    assert asked(b"GET /api/health/ HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert asked(b"GET /api/health/ HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.0 200 ")
    assert asked(b"GET /api/health/ HTTP/1.2\r\nHost: a\r\n\r\n").startswith(b"HTTP/1.1 505 ")
    options = asked(b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert options.startswith(b"HTTP/1.1 204 ")
    assert b"\r\nAllow: GET, " in options
