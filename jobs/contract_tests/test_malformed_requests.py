"""Requests that the web server rejects before Django sees them also get a problem document."""

import json
import socket
from urllib.parse import urlsplit

import pytest

LONG = b"a" * 9_000
BROKEN = {
    b"GARBAGE": (400, "bad_request"),
    b"GET /api/ HTTP/9.9": (400, "bad_request"),
    b"GET /api/ HTTP/1.1\r\nHost: localhost\r\nNo Name: 1": (400, "bad_request"),
    b"GET /api/" + LONG + b" HTTP/1.1": (414, "uri_too_long"),
    b"GET /api/ HTTP/1.1\r\nHost: localhost\r\nX: " + 2 * LONG: (431, "headers_too_large"),
    b"GET /api/ HTTP/1.1\r\nHost: localhost" + b"\r\nX: 1" * 150: (431, "headers_too_large"),
    b"POST /api/jobs/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x": (
        501,
        "not_implemented",
    ),
    b"POST /api/jobs/ HTTP/1.1\r\nHost: localhost\r\nExpect: x": (417, "expectation_failed"),
}


@pytest.mark.parametrize("request_head", BROKEN, ids=lambda head: str(head[:40]))
def test_a_malformed_request_gets_a_problem(base_url: str, request_head: bytes) -> None:
    status, code = BROKEN[request_head]
    address = urlsplit(base_url)
    received = b""
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.sendall(request_head + b"\r\n\r\n")
        while part := connection.recv(65_536):
            received += part
    head, _, body = received.partition(b"\r\n\r\n")
    problem = json.loads(body)
    assert head.split()[1] == str(status).encode()
    assert b"Content-Type: application/problem+json" in head
    assert (problem["status"], problem["code"]) == (status, code)
    assert b"GARBAGE" not in body
    assert f"Content-Length: {len(body)}".encode() in head
