"""Idempotent requests: a request with an Idempotency-Key is done once, and a retry gets the same response.

draft-ietf-httpapi-idempotency-key-header. A decorator on a view's method opts it in and documents it in the schema; a
request without the header costs nothing extra. With it, the method's work and the stored response are one transaction,
rolled back if the method raises, responds with anything but a 2xx, or does not finish.
"""

import re
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, Concatenate, Final, ParamSpec, cast

import orjson
from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import idempotency_store
from jobs.access.principal import principal_of
from jobs.api.http.headers import KEY, describe_idempotent
from jobs.api.http.internals import buffer_body
from jobs.api.http.parsers import StrictJSONParser, reject_incomplete_body
from jobs.api.http.renderers import JSONRenderer
from jobs.api.problems.exceptions import IdempotencyKeyReused, InvalidHeader
from jobs.changes.acting import acting
from jobs.idempotency_store import IdempotencyRecord

HEADER: Final = "HTTP_IDEMPOTENCY_KEY"
REPLAYED: Final = "Idempotent-Replayed"

P = ParamSpec("P")
Handler = Callable[Concatenate[Any, Request, P], Response]


def idempotent(handler: Handler[P]) -> Handler[P]:
    """For methods whose body fits into memory: it is read first, up to the parser's limit.

    Where people log in, all of the change is one transaction, which says who makes it.
    """

    @describe_idempotent
    @wraps(handler)
    def wrapper(view: Any, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        def work() -> Response:
            with acting(principal_of(request).actor):
                return handler(view, request, *args, **kwargs)

        key = key_of(request)
        if key is None:
            return work()
        return run_once(request, key, sha256(_body(request)).digest(), work)

    return wrapper


def key_of(request: Request) -> bytes | None:
    """The digest of the request's key, or None; where people log in, each has keys of their own. Raises InvalidHeader."""
    value = request.META.get(HEADER)
    if value is None:
        return None
    digest, user_id = key_digest(value), principal_of(request).user_id
    return digest if user_id is None else sha256(b"%d\n%b" % (user_id, digest)).digest()


def run_once(request: Request, key: bytes, body: bytes, work: Callable[[], Response]) -> Response:
    """The response of `work`, or the stored one. `body` is the digest of the request body."""
    fingerprint = _digest(request, body)
    with transaction.atomic():
        record = idempotency_store.claim(key)
        if record is None:
            response = work()
            if 200 <= response.status_code < 300:
                idempotency_store.store(key, _record(fingerprint, response))
            else:
                transaction.set_rollback(True)
            return response
    if record.request != fingerprint:
        raise IdempotencyKeyReused
    return _replay(record)


def key_digest(value: str) -> bytes:
    """The same digest for a key with and without quotes. Raises InvalidHeader."""
    value = value.strip(" \t")
    if not re.fullmatch(KEY, value):
        raise InvalidHeader(
            "Idempotency-Key",
            "Send one key of 1 to 255 visible ASCII characters, ideally a UUID in quotes. A comma is allowed only in quotes.",
        )
    if value.startswith('"'):
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    return sha256(value.encode()).digest()


def _body(request: Request) -> bytes:
    """Read up to the limit of the parser, which enforces it."""
    [parser] = cast("list[StrictJSONParser]", request.parsers)
    body = buffer_body(request, parser.max_bytes + 1)
    if len(body) <= parser.max_bytes:
        reject_incomplete_body(request, body)
    return body


def _digest(request: Request, body: bytes) -> bytes:
    return sha256(f"{request.method} {request.get_full_path()}\n".encode() + body).digest()


def _record(fingerprint: bytes, response: Response) -> IdempotencyRecord:
    headers = {name: text for name, text in response.headers.items() if name != "Content-Type"}
    content = JSONRenderer().render(response.data)
    return IdempotencyRecord(fingerprint, response.status_code, headers, content)


def _replay(record: IdempotencyRecord) -> Response:
    content = orjson.Fragment(record.body) if record.body else None
    return Response(content, record.status, headers=record.headers | {REPLAYED: "true"})
