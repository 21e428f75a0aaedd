"""Requests to the provider: bounded in time and size, without redirects."""

import io
import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import socket
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from jobs.sso.refusals import Reason, Refused

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SECONDS: Final = 5.0
MAX_BYTES: Final = 256 * 1024
PART_BYTES: Final = 16 * 1024


class _Bounded(io.RawIOBase):
    """What the provider sends, headers included. A wait of the socket alone could be repeated for each byte of them."""

    def __init__(self, raw: io.RawIOBase, connected: socket) -> None:
        self._raw, self._socket = raw, connected
        self._deadline = monotonic() + SECONDS
        self._left = MAX_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        seconds = self._deadline - monotonic()
        if seconds <= 0:
            raise TimeoutError(f"more than {SECONDS:g} s")
        self._socket.settimeout(seconds)
        number = self._raw.readinto(buffer) or 0
        self._left -= number
        if self._left < 0:
            raise ValueError(f"more than {MAX_BYTES} bytes")
        return number

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(HTTPResponse):
    def __init__(self, sock: socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Bounded(self.fp.detach(), sock))


class _Connection(HTTPConnection):
    response_class = _Response


class _SecureConnection(HTTPSConnection):
    response_class = _Response


class _Handler(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_Connection, req)


class _SecureHandler(HTTPSHandler):
    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_SecureConnection, req)


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """A redirect is then an error, as any status but 200."""


_opener: Final = build_opener(_NoRedirects, _Handler, _SecureHandler)


def fetch(url: str) -> dict[str, Any]:
    return _json(Request(url, headers={"Accept": "application/json"}))  # noqa: S310  # the scheme was checked


def send(url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> dict[str, Any]:
    body = urlencode(form).encode()
    return _json(Request(url, body, {"Accept": "application/json", **headers}))  # noqa: S310  # the scheme was checked


def _json(request: Request) -> dict[str, Any]:
    """The object in the response. Raises Refused."""
    try:
        text = _read(request)
    except HTTPError as error:
        error.close()
        raise Refused(Reason.UNREACHABLE, f"status {error.code} from {request.full_url}") from None
    except (HTTPException, OSError, ValueError) as error:
        raise Refused(Reason.UNREACHABLE, f"{error} from {request.full_url}") from None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused(Reason.UNREACHABLE, f"no JSON object from {request.full_url}")
    return found


def _read(request: Request) -> bytes:
    """In parts: a length that is only announced reserves no memory."""
    text = b""
    with _opener.open(request, timeout=SECONDS) as response:
        while part := response.read1(PART_BYTES):
            text += part
    return text
