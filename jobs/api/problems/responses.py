"""Problem documents (RFC 9457), and the responses that contain them."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from django.http import JsonResponse

from jobs.mistakes import FieldError

# The reason phrases of RFC 9110; HTTPStatus has older ones before Python 3.13.
TITLES: Final = {413: "Content Too Large", 414: "URI Too Long", 422: "Unprocessable Content"}


def problem_body(status: int, code: str, detail: str) -> dict[str, Any]:
    """A problem document. `code` is stable; `detail` is for people and may change."""
    return {
        "type": "about:blank",
        "title": title(status),
        "status": status,
        "detail": detail,
        "code": code,
    }


def problem(
    status: int, code: str, detail: str, errors: Sequence[FieldError] | None = None
) -> JsonResponse:
    body = problem_body(status, code, detail)
    if errors is not None:
        body["errors"] = [{"field": e.field, "code": e.code, "detail": e.detail} for e in errors]
    return problem_response(body)


def problem_response(body: dict[str, Any]) -> JsonResponse:
    """The response for a problem document."""
    return JsonResponse(
        body,
        status=body["status"],
        reason=title(body["status"]),
        content_type="application/problem+json",
    )


def title(status: int) -> str:
    """The reason phrase of the status."""
    return TITLES.get(status) or HTTPStatus(status).phrase
