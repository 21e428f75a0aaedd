"""A page of results as JSON, with its counts and links, and the check of query parameters."""

from collections.abc import Callable, Collection
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from jobs.listing.keyset import Page
from jobs.listing.paging import (
    MAX_ERRORS,
    REPEATABLE,
    FieldError,
    InvalidFilter,
    quoted,
    undecodable_parameters,
)
from jobs.querysets import Count


def reject_unknown_parameters(request: Request, known: Collection[str]) -> None:
    """Raises InvalidFilter for a parameter that would be ignored: a typo must not widen the result."""
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
        for name in undecodable_parameters(request.META["QUERY_STRING"])
    ]
    if errors:
        raise InvalidFilter(errors[:MAX_ERRORS])


def page_response(
    request: Request,
    page: Page[Any],
    count: Count,
    results: list[dict[str, Any]],
    query: Callable[[str], str],
) -> Response:
    """`query` returns the query string for a cursor."""

    def link(cursor: str | None) -> str | None:
        return request.build_absolute_uri(f"?{query(cursor)}") if cursor else None

    content = {
        "count": count.value,
        "count_relation": count.relation,
        "next": link(page.next),
        "previous": link(page.previous),
    }
    if page.scanned is not None:
        content["scanned"] = page.scanned
    return Response(content | {"results": results})
