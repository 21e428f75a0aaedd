"""A page as JSON: the envelope around results, and the links to its neighbours."""

from collections.abc import Callable, Collection
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from jobs.keyset import Page
from jobs.paging import MISTAKES_TOLD, REPEATABLE, InvalidFilter, Mistake, not_utf8, shown
from jobs.querysets import Count


def refuse_unknown_parameters(request: Request, known: Collection[str]) -> None:
    """Raise InvalidFilter for a parameter that would be ignored: a typing slip must not widen the answer."""
    offered = f"Offered: {', '.join(known)}." if known else "This address takes none."
    mistakes = [
        Mistake(n[:40], "unknown_parameter", f"{shown(n)} is not a parameter. {offered}")
        for n in request.query_params
        if n not in known
    ]
    mistakes += [
        Mistake(
            n, "repeated_parameter", f"{n} stands in the address {len(values)} times. Send one."
        )
        for n, values in request.query_params.lists()
        if n in known and n not in REPEATABLE and len(values) > 1
    ]
    mistakes += [
        Mistake(n, "invalid_utf8", f"{n} is not UTF-8, percent-encoded.")
        for n in not_utf8(request.META["QUERY_STRING"])
    ]
    if mistakes:
        raise InvalidFilter(mistakes[:MISTAKES_TOLD])


def page_response(
    request: Request,
    page: Page[Any],
    count: Count,
    results: list[dict[str, Any]],
    query: Callable[[str], str],
) -> Response:
    """`query` makes the query string of a cursor's page."""

    def link(cursor: str | None) -> str | None:
        return request.build_absolute_uri(f"?{query(cursor)}") if cursor else None

    content = {
        "count": count.value,
        "count_relation": count.relation,
        "next": link(page.next),
        "previous": link(page.previous),
    }
    if page.looked_through is not None:
        content["looked_through"] = page.looked_through
    return Response(content | {"results": results})
