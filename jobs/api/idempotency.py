"""Safe retries: what carries an Idempotency-Key is done once, and answered alike whenever it is asked again.

draft-ietf-httpapi-idempotency-key-header. One line on a view's method makes it take part, and tells the schema; without
the header the method costs what it cost before. With it the method's work and its kept answer are one transaction:
all of it is undone where the method raises, answers no 2xx, or does not come to its end.
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

from jobs import kept_answers
from jobs.api.headers import KEY, describe_idempotent
from jobs.api.parsers import StrictJSONParser, refuse_what_broke_off
from jobs.api.refusals import BadHeader, KeyReused
from jobs.api.renderers import JSONRenderer
from jobs.kept_answers import KeptAnswer

HEADER: Final = "HTTP_IDEMPOTENCY_KEY"
REPLAYED: Final = "Idempotent-Replayed"

P = ParamSpec("P")
Handler = Callable[Concatenate[Any, Request, P], Response]


def idempotent(handler: Handler[P]) -> Handler[P]:
    """For a method whose body fits into memory: it is read before, as far as its parser takes it."""

    @describe_idempotent
    @wraps(handler)
    def once(view: Any, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        key = key_of(request)
        if key is None:
            return handler(view, request, *args, **kwargs)
        body = sha256(_body(request)).digest()
        return done_once(request, key, body, lambda: handler(view, request, *args, **kwargs))

    return once


def key_of(request: Request) -> bytes | None:
    """The digest of its key, if it has one. Raises BadHeader."""
    value = request.META.get(HEADER)
    return None if value is None else key_digest(value)


def done_once(request: Request, key: bytes, body: bytes, work: Callable[[], Response]) -> Response:
    """What `work` answers, or answered; `body` is the digest of the request's. Work and answer are one transaction."""
    asked = _digest(request, body)
    with transaction.atomic():
        kept = kept_answers.claim(key)
        if kept is None:
            response = work()
            if 200 <= response.status_code < 300:
                kept_answers.keep(key, _answer(asked, response))
            else:
                transaction.set_rollback(True)
            return response
    if kept.request != asked:
        raise KeyReused
    return _again(kept)


def key_digest(value: str) -> bytes:
    """The same for a key in quotes and without. Raises BadHeader."""
    value = value.strip(" \t")
    if not re.fullmatch(KEY, value):
        raise BadHeader(
            "Idempotency-Key",
            "There is one key: 1 to 255 visible ASCII characters, best a UUID in quotes. A comma only in quotes.",
        )
    if value.startswith('"'):
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    return sha256(value.encode()).digest()


def _body(request: Request) -> bytes:
    """Kept for the parser, which refuses what it takes no more of: Django's own limit would be the same for all calls."""
    [parser] = cast("list[StrictJSONParser]", request.parsers)
    http, limit = request._request, parser.limit()
    http._body = http.read(limit + 1)
    if len(http._body) <= limit:
        refuse_what_broke_off(request, http._body)
    return http._body


def _digest(request: Request, body: bytes) -> bytes:
    return sha256(f"{request.method} {request.get_full_path()}\n".encode() + body).digest()


def _answer(asked: bytes, response: Response) -> KeptAnswer:
    headers = {name: text for name, text in response.headers.items() if name != "Content-Type"}
    content = JSONRenderer().render(response.data)
    return KeptAnswer(asked, response.status_code, headers, content)


def _again(kept: KeptAnswer) -> Response:
    content = orjson.Fragment(kept.body) if kept.body else None
    return Response(content, kept.status, headers=kept.headers | {REPLAYED: "true"})
