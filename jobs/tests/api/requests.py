"""Requests as bytes, complete and in part."""

import socket
from contextlib import ExitStack

from jobs.tests.served import Server

HEAD = b"GET /api/health/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
JSON = b"Host: localhost\r\nContent-Type: application/json\r\n"
POST = b"POST /api/jobs/ HTTP/1.1\r\n" + JSON
HALF_BODY = POST + b'Connection: close\r\nContent-Length: 17\r\n\r\n{"name": '
REST_OF_BODY = b'"Whole"}'
HALF_CHUNKED = POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n" + b'{"name": '


def send_part(server: Server, stack: ExitStack, text: bytes) -> socket.socket:
    client = stack.enter_context(server.connect())
    client.sendall(text)
    return client
