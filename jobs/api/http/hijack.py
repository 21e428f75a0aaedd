"""Responses that outlive their thread: the connection is hijacked, and the thread is free.

gunicorn exposes the client's socket to the request. Its file descriptor is duplicated, and replaced by one whose other
end is closed: to gunicorn the client has disconnected before the response, and it closes its end as it always does.
"""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any, TypeGuard

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import http_date

from jobs.api.http.internals import client_socket


def connection_of(request: HttpRequest) -> socket.socket | None:
    """The client's connection, or None if it cannot be taken over: gunicorn's, HTTP/1, without gunicorn's own TLS."""
    found = client_socket(request)
    plain = is_plain(found) and request.META["SERVER_PROTOCOL"].startswith("HTTP/1.")
    return found if plain else None


def is_plain(client_socket: object) -> TypeGuard[socket.socket]:
    """Whether bytes written to it reach the client as they are."""
    return isinstance(client_socket, socket.socket) and not isinstance(client_socket, ssl.SSLSocket)


class HijackedResponse(StreamingHttpResponse):
    """A response with Django's status and headers, whose connection `on_hijack` owns from then on.

    `on_hijack` gets the connection and the head of the response, without the empty line that ends it. `release` is
    called instead if the response is dropped before it is sent.
    """

    def __init__(
        self,
        client_socket: socket.socket,
        on_hijack: Callable[[socket.socket, bytes], None],
        release: Callable[[], None],
        **options: Any,
    ) -> None:
        super().__init__(self._hijack(), **options)
        self._client_socket, self._on_hijack, self._release = client_socket, on_hijack, release
        self._is_settled = False

    def close(self) -> None:
        super().close()
        if not self._is_settled:
            self._is_settled = True
            self._release()

    def _hijack(self) -> Iterator[bytes]:
        """Runs when the server iterates over the body, after every middleware has added its headers."""
        duplicate = socket.socket(fileno=os.dup(self._client_socket.fileno()))
        stand_in, other_end = socket.socketpair()
        other_end.close()
        os.dup2(stand_in.fileno(), self._client_socket.fileno(), inheritable=False)
        stand_in.close()
        self._is_settled = True
        self._on_hijack(duplicate, self._head())
        yield from ()

    def _head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status_code} {self.reason_phrase}", f"Date: {http_date()}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "Connection: close", ""]).encode("latin-1")
