"""The check of query parameters."""

from collections.abc import Collection
from urllib.parse import unquote, unquote_to_bytes

from rest_framework.request import Request

from jobs.filters import REPEATABLE
from jobs.limits import MAX_REPORTED_ERRORS
from jobs.mistakes import FieldError, InvalidQuery, quoted


def reject_unknown_parameters(request: Request, known: Collection[str]) -> None:
    """Raises InvalidQuery for a parameter that would be ignored: a typo must not widen the result."""
    supported = f"Supported: {', '.join(known)}." if known else "This URL supports none."
    errors = [
        FieldError(name[:40], "unknown_parameter", f"Unknown parameter {quoted(name)}. {supported}")
        for name in request.query_params
        if name not in known
    ]
    errors += [
        FieldError(name, "repeated_parameter", f"{name} occurs {len(values)} times. Send it once.")
        for name, values in request.query_params.lists()
        if name in known and name not in REPEATABLE and len(values) > 1
    ]
    errors += [
        FieldError(name, "invalid_utf8", f"{name} is not percent-encoded UTF-8.")
        for name in _undecodable_parameters(request.META["QUERY_STRING"])
    ]
    if errors:
        raise InvalidQuery(errors[:MAX_REPORTED_ERRORS])


def _undecodable_parameters(query_string: str) -> list[str]:
    """The names of parameters that are not UTF-8: Django would decode them with replacement characters."""
    if "%" not in query_string and query_string.isascii():
        return []
    found = []
    for pair in query_string.split("&"):
        try:
            unquote_to_bytes(pair.encode("latin-1")).decode()
        except UnicodeDecodeError:
            name, _, _ = pair.partition("=")
            found.append(unquote(name)[:40])
    return found
