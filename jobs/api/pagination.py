"""A page of results as JSON, with its counts and links."""

from collections.abc import Callable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from jobs.listing.keyset import Page
from jobs.querysets import Count


def page_response(
    request: Request,
    page: Page[Any],
    count: Count,
    results: list[dict[str, Any]],
    query_string: Callable[[str], str],
) -> Response:
    """`query_string` returns the query string for a cursor."""

    def link(cursor: str | None) -> str | None:
        return request.build_absolute_uri(f"?{query_string(cursor)}") if cursor else None

    content = {
        "count": count.value,
        "count_relation": count.relation,
        "next": link(page.next),
        "previous": link(page.previous),
    }
    if page.scanned is not None:
        content["scanned"] = page.scanned
    return Response(content | {"results": results})
