"""Unusual requests to gunicorn, which no test client can send."""

import socket
from collections.abc import Iterator
from uuid import uuid4

import pytest

from jobs.models import Job
from jobs.tests.factories import make_job
from jobs.tests.problems import stored
from jobs.tests.served import Server, problem_in, read_all, served

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


def test_a_malformed_content_type_is_a_bad_request(server: Server) -> None:
    headers = "Content-Type: text/plain; charset*=foo''%41\nContent-Length: 2"
    response = server.ask(f"POST /api/jobs/ HTTP/1.1\n{headers}", b"{}")
    assert response.startswith(b"HTTP/1.1 400 ")
    assert problem_in(response)["code"] == "bad_request"


@pytest.mark.parametrize("path", ["by-key/%FF/", "by-key/a%ED%A0%80/", "%E9/"])
def test_a_path_that_is_not_utf_8_is_no_other_path(server: Server, path: str) -> None:
    Job.objects.create_pending("Wing", key="%FF")
    before = stored()
    for head in (
        f"GET /api/jobs/{path} HTTP/1.1",
        f"PUT /api/jobs/{path} HTTP/1.1\nContent-Length: 13",
    ):
        response = server.ask(head, b'{"name": "x"}' if head.startswith("PUT") else b"")
        assert response.startswith(b"HTTP/1.1 400 "), response
        assert problem_in(response)["code"] == "bad_request"
    assert server.ask("GET /api/jobs/by-key/%25FF/ HTTP/1.1").startswith(b"HTTP/1.1 200 ")
    assert stored() == before


@pytest.mark.parametrize("body", [b'{"name": "cutoff"}', b'{"name": "cu', b""])
def test_rejects_an_incomplete_body(server: Server, body: bytes) -> None:
    job, own = make_job(), uuid4()
    before = stored()
    calls = ["POST /api/jobs/", "PATCH /api/jobs/"]
    calls += [f"PATCH /api/jobs/{job.pk}/", f"DELETE /api/jobs/{job.pk}/"]
    for call in calls:
        for key in ("", f"\nIdempotency-Key: {own}"):
            head = f"{call} HTTP/1.1\nContent-Type: application/json\nContent-Length: 60{key}"
            with server.send(head, body) as client:
                client.shutdown(socket.SHUT_WR)
                response = read_all(client)
            assert response.startswith(b"HTTP/1.1 400 "), response
            assert problem_in(response)["code"] == "body_incomplete"
            chunked = head.replace("Content-Length: 60", "Transfer-Encoding: chunked")
            with server.send(
                chunked, b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            ) as client:
                client.shutdown(socket.SHUT_WR)
                response = read_all(client)
            assert response.startswith(b"HTTP/1.1 400 "), response
            assert problem_in(response)["code"] == "body_incomplete"
    assert stored() == before
    head = f"POST /api/jobs/ HTTP/1.1\nContent-Type: application/json\nIdempotency-Key: {own}"
    whole = b'{"name": "whole"}'
    response = server.ask(f"{head}\nContent-Length: {len(whole)}", whole)
    assert response.startswith(b"HTTP/1.1 201 "), response
    assert b"Idempotent-Replayed" not in response


def test_a_head_request_gets_only_the_headers(server: Server) -> None:
    job = make_job()
    for path in ("/api/jobs/", f"/api/jobs/{job.pk}/", "/api/jobs/export/", "/api/events/"):
        response = server.ask(f"HEAD {path} HTTP/1.1")
        assert response.partition(b"\r\n\r\n")[2] == b""
        assert b"Content-Type: application/" in response


def test_a_204_has_no_content_headers(server: Server) -> None:
    job = make_job()
    for head in (f"DELETE /api/jobs/{job.pk}/", "OPTIONS /api/events/", "OPTIONS /api/docs/"):
        response = server.ask(f"{head} HTTP/1.1")
        assert response.startswith(b"HTTP/1.1 204 ")
        assert response.partition(b"\r\n\r\n")[2] == b""
        assert b"Content-Length" not in response
        assert b"Transfer-Encoding" not in response
        assert b"\r\nContent-Type:" not in response


def test_a_head_request_for_a_stream_gets_its_headers(server: Server) -> None:
    make_job()
    response = server.ask("HEAD /api/events/?after=start HTTP/1.1\nAccept: text/event-stream")
    assert response.startswith(b"HTTP/1.1 200 ")
    head, _, body = response.partition(b"\r\n\r\n")
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
def test_client_headers_do_not_change_the_application_path(server: Server, header: str) -> None:
    for _ in range(2):
        make_job()
    plain = server.ask("GET /api/jobs/?page_size=1 HTTP/1.1")
    response = server.ask(f"GET /api/jobs/?page_size=1 HTTP/1.1\n{header}")
    assert response.partition(b"\r\n\r\n")[2] == plain.partition(b"\r\n\r\n")[2]
    assert b"http://localhost/api/jobs/" in response
    # It cannot be used to bypass a proxy that restricts some URLs either.
    assert server.ask(f"GET /api/x/api/jobs/ HTTP/1.1\n{header}").startswith(b"HTTP/1.1 404 ")


def test_a_rejected_host_gets_a_problem_and_one_log_line(server: Server) -> None:
    before = len(server.log.read_text())
    with server.connect() as client:
        client.sendall(
            b"GET /api/jobs/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
        )
        response = read_all(client)
    assert b'"code": "host_not_allowed"' in response
    written = server.log.read_text()[before:]
    [line] = [line for line in written.splitlines() if "evil.example" in line]
    assert "django.security.DisallowedHost" in line
    assert "Traceback" not in written


def test_reads_a_chunked_body(server: Server) -> None:
    head = "POST /api/jobs/ HTTP/1.1\nContent-Type: application/json\nTransfer-Encoding: chunked"
    response = server.ask(head, b'9\r\n{"name": \r\n9\r\n"Wing 7"}\r\n0\r\n\r\n')
    assert response.startswith(b"HTTP/1.1 201 "), response
    assert problem_in(response)["name"] == "Wing 7"


@pytest.mark.parametrize("length", ["65537", "2000000", "9" * 23])
@pytest.mark.parametrize("more", ["", "\nExpect: 100-continue"])
def test_rejects_a_too_large_body_before_it_arrives(server: Server, length: str, more: str) -> None:
    with server.send(f"POST /api/jobs/ HTTP/1.1\nContent-Length: {length}{more}") as client:
        response = read_all(client)
    assert response.startswith(b"HTTP/1.1 413 Content Too Large\r\n"), response
    assert problem_in(response)["code"] == "body_too_large"


def test_sends_100_continue_once(server: Server) -> None:
    body = b'{"name": "Expected"}'
    head = f"POST /api/jobs/ HTTP/1.1\nContent-Type: application/json\nContent-Length: {len(body)}"
    with server.send(f"{head}\nConnection: close\nExpect: 100-continue") as client:
        assert client.recv(1 << 12) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(body)
        response = read_all(client)
    assert response.startswith(b"HTTP/1.1 201 "), response


def test_requires_a_host_and_a_supported_version(server: Server) -> None:
    def send(text: bytes) -> bytes:
        with server.connect() as client:
            client.sendall(text)
            return read_all(client)

    assert send(b"GET /api/health/ HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert send(b"GET /api/health/ HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.0 200 ")
    assert send(b"GET /api/health/ HTTP/1.2\r\nHost: a\r\n\r\n").startswith(b"HTTP/1.1 505 ")
    options = send(b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert options.startswith(b"HTTP/1.1 204 ")
    assert b"\r\nAllow: GET, " in options
