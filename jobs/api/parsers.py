"""The only way a body comes in: one bounded JSON object, strictly read."""

import json
from collections.abc import Mapping
from typing import IO, Any, Final

from django.conf import settings
from django.http import UnreadablePostError
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from jobs.api.refusals import BodyTooLarge
from jobs.paging import shown

MOST_DIGITS: Final = 4_000


class StrictJSONParser(BaseParser):
    """UTF-8 JSON holding one object. Refuses what JSON does not know (NaN) and what would exhaust us."""

    media_type = "application/json"

    def limit(self) -> int:
        """Bytes."""
        limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return limit

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        limit = self.limit()
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge
        if parser_context is not None:
            refuse_what_broke_off(parser_context["request"], body)
        try:
            content = json.loads(
                body.decode("utf-8-sig"),  # editors put a mark before it
                object_pairs_hook=_members,
                parse_constant=_refuse_constant,
                parse_int=_integer,
            )
        except (ValueError, RecursionError) as error:
            raise ParseError(f"The body is not JSON: {_reason(error)}.") from error
        if not isinstance(content, dict):
            raise ParseError("The body must be a JSON object.")
        return content


def refuse_what_broke_off(request: Request, body: bytes) -> None:
    """Raises UnreadablePostError where `body` is shorter than was announced.

    The server hands on what came before the client hung up, as if it were all.
    """
    if len(body) < announced(request):
        raise UnreadablePostError("The body broke off.")


def announced(request: Request) -> int:
    """How many bytes the body has, by its Content-Length; 0 without one."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Which of two members of one name counts, readers of JSON do not agree on."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise ParseError(f"The body has the member {shown(repeated)} more than once.")
    return members


def _integer(digits: str) -> int:
    """Python would refuse as many, in words of its own."""
    if len(digits) > MOST_DIGITS:
        raise ValueError("a number has too many digits")
    return int(digits)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _reason(error: Exception) -> str:
    match error:
        case json.JSONDecodeError():
            return f"{error.msg} at line {error.lineno}, column {error.colno}"
        case UnicodeDecodeError():
            return "it is not UTF-8"
        case RecursionError():
            return "it is nested too deeply"
        case _:
            return str(error)
