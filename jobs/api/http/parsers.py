"""The parser of request bodies: a JSON object of limited size, read strictly."""

import json
from collections.abc import Mapping
from typing import IO, Any, ClassVar, Final

from django.http import UnreadablePostError
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from jobs.api.problems.exceptions import BodyTooLarge
from jobs.limits import MAX_BODY_BYTES
from jobs.mistakes import quoted

MAX_DIGITS: Final = 4_000


class StrictJSONParser(BaseParser):
    """One JSON object in UTF-8. Rejects what is not JSON (NaN) and what would exhaust the server."""

    media_type = "application/json"

    max_bytes: ClassVar[int] = MAX_BODY_BYTES

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(self.max_bytes + 1)
        if len(body) > self.max_bytes:
            raise BodyTooLarge(self.max_bytes)
        if parser_context is not None:
            reject_incomplete_body(parser_context["request"], body)
        try:
            content = json.loads(
                body.decode("utf-8-sig"),  # some editors write a byte order mark
                object_pairs_hook=_members,
                parse_constant=_reject_constant,
                parse_int=_integer,
            )
        except (ValueError, RecursionError) as error:
            raise ParseError(f"The body is not valid JSON: {_reason(error)}.") from error
        return self.checked(content)

    def checked(self, content: Any) -> Any:
        """What was parsed. Raises ParseError if it is not what the endpoint takes."""
        if not isinstance(content, dict):
            raise ParseError("The body must be a JSON object.")
        return content


def reject_incomplete_body(request: Request, body: bytes) -> None:
    """Raises UnreadablePostError if `body` is shorter than its Content-Length.

    If the client disconnects early, the server passes on what has arrived as if it were complete.
    """
    if len(body) < content_length(request):
        raise UnreadablePostError("The body is incomplete.")


def content_length(request: Request) -> int:
    """The Content-Length; 0 without one."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Rejects repeated fields: JSON parsers disagree on which of them counts."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise ParseError(f"The body has the field {quoted(repeated)} more than once.")
    return members


def _integer(digits: str) -> int:
    """Python has a limit too, whose message is about Python."""
    if len(digits) > MAX_DIGITS:
        raise ValueError("a number has too many digits")
    return int(digits)


def _reject_constant(name: str) -> None:
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
