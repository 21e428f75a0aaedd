"""A request body read in chunks, with limits on its size and time, and a check that it is complete."""

from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from time import monotonic
from typing import Any, Final, Self

from django.conf import settings
from rest_framework.request import Request

from jobs.api.http.parsers import content_length
from jobs.api.problems.exceptions import BodyTooLarge, LengthRequired, ProblemException
from jobs.api.problems.transfers import ImportTooSlow
from jobs.api.transfers.connection import ClientConnection

CHUNK: Final = 1 << 16


class Body:
    """The chunks of a request body. Raises ProblemException if it is too large, too slow or incomplete.

    A chunked transfer coding is supported if the server decodes it; gunicorn detects one that is incomplete. All reads
    together may take up to IMPORT_SECONDS.
    """

    def __init__(self, request: Request) -> None:
        self._length = _length(request)
        self._input: Any = request.META["wsgi.input"]
        self._client = ClientConnection(request)
        self._ends = monotonic() + settings.IMPORT_SECONDS
        self._open = ExitStack()
        self._hash = sha256()
        if self._length is not None and self._length > settings.IMPORT_MAX_BYTES:
            raise _too_large()

    def __enter__(self) -> Self:
        self._client.limit_stalls()
        self._open.callback(self._client.clear_stall_limit)
        self._open.enter_context(self._client.shutdown_read_after(self.seconds_left))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def seconds_left(self) -> float:
        return self._ends - monotonic()

    def digest(self) -> bytes:
        """The SHA-256 of what has been read."""
        return self._hash.digest()

    def __iter__(self) -> Iterator[bytes]:
        received = 0
        while chunk := self._read(received):
            received += len(chunk)
            if received > settings.IMPORT_MAX_BYTES:
                raise _too_large()
            self._hash.update(chunk)
            yield chunk
        if self.seconds_left <= 0:
            raise ImportTooSlow()
        if self._length is not None and received < self._length:
            raise _incomplete()

    def _read(self, received: int) -> bytes:
        if self.seconds_left <= 0:
            raise ImportTooSlow()
        wanted = CHUNK if self._length is None else min(CHUNK, self._length - received)
        try:
            chunk: bytes = self._input.read(wanted)
        except TimeoutError as error:
            raise ImportTooSlow() from error
        except (
            Exception
        ) as error:  # the server's error for malformed chunks, or the connection's end
            raise (ImportTooSlow() if self.seconds_left <= 0 else _incomplete()) from error
        return chunk


def _too_large() -> BodyTooLarge:
    return BodyTooLarge(settings.IMPORT_MAX_BYTES, "Nothing was imported.")


def _incomplete() -> ProblemException:
    return ProblemException(400, "body_incomplete", "The body is incomplete. Nothing was imported.")


def _length(request: Request) -> int | None:
    """None for a chunked body. Raises LengthRequired if the server does not decode chunks."""
    if "HTTP_TRANSFER_ENCODING" in request.META:
        if request.META.get("wsgi.input_terminated"):
            return None
        raise LengthRequired
    return content_length(request)
