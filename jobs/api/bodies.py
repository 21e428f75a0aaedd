"""A body of any length, part by part: as long as it may be, as late as it may come, and whole."""

from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self

from django.conf import settings
from rest_framework.request import Request

from jobs.api.parsers import announced
from jobs.api.refusals import LengthRequired, Refused
from jobs.api.transfers import Peer

CHUNK: Final = 1 << 16
NO_SPACE_RETRY_AFTER: Final = 60


class Body:
    """The parts of a request's body; raises Refused at what is wrong with it.

    In chunks it is taken too, where the server finds their end: gunicorn tells one that broke off from a whole one.
    Whoever is asked for its parts may take up to IMPORT_SECONDS for them all.
    """

    def __init__(self, request: Request) -> None:
        self._length = _length(request)
        self._input: Any = request.META["wsgi.input"]
        self._peer = Peer(request)
        self._ends = monotonic() + settings.IMPORT_SECONDS
        self._open = ExitStack()
        self._hash = sha256()
        if self._length is not None and self._length > settings.IMPORT_MAX_BYTES:
            raise _too_large()

    def __enter__(self) -> Self:
        self._peer.limit_stalls()
        self._open.callback(self._peer.unlimit_stalls)
        self._open.enter_context(self._peer.deaf_after(self.seconds_left))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    @property
    def seconds_left(self) -> float:
        return self._ends - monotonic()

    def digest(self) -> bytes:
        """Of what has been read."""
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
            raise too_slow()
        if self._length is not None and received < self._length:
            raise _incomplete()

    def _read(self, received: int) -> bytes:
        if self.seconds_left <= 0:
            raise too_slow()
        wanted = CHUNK if self._length is None else min(CHUNK, self._length - received)
        try:
            chunk: bytes = self._input.read(wanted)
        except TimeoutError as error:
            raise too_slow() from error
        except (
            Exception
        ) as error:  # the server's own complaint about chunks, or the connection's end
            raise (too_slow() if self.seconds_left <= 0 else _incomplete()) from error
        return chunk


def too_slow() -> Refused:
    detail = (
        f"An import takes at most {settings.IMPORT_SECONDS:,} seconds, and waits at most"
        f" {settings.TRANSFER_STALL_SECONDS} for what comes next. Nothing was imported."
    )
    return Refused(408, "too_slow", detail)


def _too_large() -> Refused:
    detail = f"A body has at most {settings.IMPORT_MAX_BYTES:,} bytes. Nothing was imported."
    return Refused(413, "body_too_large", detail)


def too_many_jobs() -> Refused:
    detail = (
        f"At most {settings.IMPORT_MAX_LINES:,} jobs are imported at once. Nothing was imported."
    )
    return Refused(413, "too_many_jobs", detail)


def no_space() -> Refused:
    detail = "The server has no room to gather what is to be imported. Nothing was imported. Try again later, or in parts."
    return Refused(503, "no_space", detail, NO_SPACE_RETRY_AFTER)


def _incomplete() -> Refused:
    return Refused(400, "body_incomplete", "The body broke off. Nothing was imported.")


def _length(request: Request) -> int | None:
    """None for a body in chunks. Raises LengthRequired where nobody finds its end."""
    if "HTTP_TRANSFER_ENCODING" in request.META:
        if request.META.get("wsgi.input_terminated"):
            return None
        raise LengthRequired
    return announced(request)
