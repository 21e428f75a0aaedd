"""Answers that outlive the thread that made them: the connection goes to whoever writes the rest, the thread is free.

gunicorn lends the request its socket. Its file descriptor is copied for us, and in its place comes one whose other end
is closed: to gunicorn the client has left before the answer, which it is used to, and it closes what it has of it.
"""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any, TypeGuard

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import http_date


def connection_of(request: HttpRequest) -> socket.socket | None:
    """The client's connection where it can be taken: of gunicorn, HTTP/1, and not encrypted by gunicorn itself."""
    lent = request.META.get("gunicorn.socket")
    plain = is_plain(lent) and request.META["SERVER_PROTOCOL"].startswith("HTTP/1.")
    return lent if plain else None


def is_plain(lent: object) -> TypeGuard[socket.socket]:
    """Whether what is written to it is what the client gets."""
    return isinstance(lent, socket.socket) and not isinstance(lent, ssl.SSLSocket)


class HandedOver(StreamingHttpResponse):
    """Status and headers as Django made them; the rest is written by `take`, which owns the connection from then on.

    `take` gets the connection and the head of the answer without the empty line that ends it. `release` is called
    where it came to nothing: the answer was dropped on its way out.
    """

    def __init__(
        self,
        lent: socket.socket,
        take: Callable[[socket.socket, bytes], None],
        release: Callable[[], None],
        **options: Any,
    ) -> None:
        super().__init__(self._hand_over(), **options)
        self._lent, self._take, self._release = lent, take, release
        self._taken = False

    def close(self) -> None:
        super().close()
        if not self._taken:
            self._taken = True
            self._release()

    def _hand_over(self) -> Iterator[bytes]:
        """Runs when the server asks for the body: every middleware has added its headers by now."""
        taken = socket.socket(fileno=os.dup(self._lent.fileno()))
        stand_in, other_end = socket.socketpair()
        other_end.close()
        os.dup2(stand_in.fileno(), self._lent.fileno(), inheritable=False)
        stand_in.close()
        self._taken = True
        self._take(taken, self._head())
        yield from ()

    def _head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status_code} {self.reason_phrase}", f"Date: {http_date()}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "Connection: close", ""]).encode("latin-1")
