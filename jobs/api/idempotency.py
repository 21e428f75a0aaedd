"""Safe retries: what carries an Idempotency-Key is done once, and answered alike whenever it is asked again.

draft-ietf-httpapi-idempotency-key-header. One line on a view's method makes it take part, and tells the schema; without
the header the method costs what it cost before. With it the method's work and its kept answer are one transaction:
all of it is undone where the method raises, answers no 2xx, or does not come to its end.
"""

import re
from collections.abc import Callable, Iterator
from functools import wraps
from hashlib import sha256
from io import BytesIO
from typing import IO, Any, Concatenate, Final, ParamSpec, Protocol

import orjson
from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import kept_answers
from jobs.api.headers import KEY, describe_idempotent
from jobs.api.refusals import BadHeader, KeyReused
from jobs.api.renderers import JSONRenderer
from jobs.kept_answers import KeptAnswer

HEADER: Final = "HTTP_IDEMPOTENCY_KEY"
REPLAYED: Final = "Idempotent-Replayed"

AT_ONCE: Final = 64 * 1024

P = ParamSpec("P")
Handler = Callable[Concatenate[Any, Request, P], Response]


class HashedStream:
    """The request's body, hashed as it is read, and never held."""

    def __init__(self, request: Request) -> None:
        self._source: IO[bytes] = request.stream or BytesIO()
        self._hash = sha256()
        request._stream = self  # type: ignore[assignment]  # all that is read of it is here

    def read(self, size: int = -1) -> bytes:
        return self._read(self._source.read(size))

    def readline(self, size: int = -1) -> bytes:
        return self._read(self._source.readline(size))

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def digest(self) -> bytes:
        """Of the whole body: reads what is left of it."""
        while self.read(AT_ONCE):
            pass
        return self._hash.digest()

    def _read(self, part: bytes) -> bytes:
        self._hash.update(part)
        return part


class Hashed(Protocol):
    """A body, whole or under way. Its digest is asked for instead of the method where an answer is kept, else after it."""

    def digest(self) -> bytes: ...


def idempotent(handler: Handler[P]) -> Handler[P]:
    """For a method whose body is small: it is read before, as into `request.data`."""
    return _taking_part(lambda request: sha256(request._request.body))(handler)


def idempotent_stream(handler: Handler[P]) -> Handler[P]:
    """For a method that reads `request.stream`, at most once and as far as it likes."""
    return _taking_part(HashedStream)(handler)


def _taking_part(hashed: Callable[[Request], Hashed]) -> Callable[[Handler[P]], Handler[P]]:
    def decorate(handler: Handler[P]) -> Handler[P]:
        @describe_idempotent
        @wraps(handler)
        def once(view: Any, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
            if HEADER not in request.META:
                return handler(view, request, *args, **kwargs)
            key, body = key_digest(request.META[HEADER]), hashed(request)
            with transaction.atomic():
                kept = kept_answers.claim(key)
                if kept is None:
                    response = handler(view, request, *args, **kwargs)
                    if 200 <= response.status_code < 300:
                        kept_answers.keep(key, _answer(request, body, response))
                    else:
                        transaction.set_rollback(True)
                    return response
            if kept.request != _digest(request, body):
                raise KeyReused
            return _again(kept)

        return once

    return decorate


def key_digest(value: str) -> bytes:
    """The same for a key in quotes and without. Raises BadHeader."""
    value = value.strip(" \t")
    if not re.fullmatch(KEY, value):
        raise BadHeader(
            "Idempotency-Key", "A key is 1 to 255 visible ASCII characters, best a UUID in quotes."
        )
    if value.startswith('"'):
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    return sha256(value.encode()).digest()


def _digest(request: Request, body: Hashed) -> bytes:
    address = f"{request.method} {request.get_full_path()}\n"
    return sha256(address.encode() + body.digest()).digest()


def _answer(request: Request, body: Hashed, response: Response) -> KeptAnswer:
    headers = {name: text for name, text in response.headers.items() if name != "Content-Type"}
    content = JSONRenderer().render(response.data)
    return KeptAnswer(_digest(request, body), response.status_code, headers, content)


def _again(kept: KeptAnswer) -> Response:
    content = orjson.Fragment(kept.body) if kept.body else None
    return Response(content, kept.status, headers=kept.headers | {REPLAYED: "true"})
