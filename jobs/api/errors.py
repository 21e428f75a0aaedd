"""Every failure of the JSON door in one shape: application/problem+json (RFC 9457)."""

import logging
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.views import set_rollback

from jobs.budget import budget_text, is_over_budget
from jobs.feed import FeedGone
from jobs.filters import InvalidFilter, Mistake
from jobs.undo import UndoRefused

logger = logging.getLogger(__name__)

MESSAGES = {
    404: ("not_found", "There is nothing at this address. Addresses end in a slash."),
    405: (
        "method_not_allowed",
        "This address does not offer the method; Allow lists what it does.",
    ),
    406: ("not_acceptable", "Accept allows no format that this address answers in."),
    411: ("length_required", "Send the body with a Content-Length, not in chunks."),
    413: ("body_too_large", "The body is larger than 64 KiB."),
    415: ("unsupported_media_type", "Send the body as application/json."),
}


class LengthRequired(exceptions.APIException):
    status_code = HTTPStatus.LENGTH_REQUIRED


class BodyTooLarge(exceptions.APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def problem(
    status: int, code: str, detail: str, errors: Sequence[Mistake] | None = None
) -> JsonResponse:
    """A problem document. `code` is stable, `detail` is for people and may be reworded."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors is not None:
        body["errors"] = [{"field": e.field, "code": e.code, "detail": e.detail} for e in errors]
    return JsonResponse(body, status=status, content_type="application/problem+json")


def problem_response(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Django REST framework's exception handler; None leaves the error to server_error below."""
    set_rollback()
    if isinstance(error, InvalidFilter):
        return problem(400, "invalid_query", str(error), error.mistakes)
    if isinstance(error, UndoRefused):
        return problem(409, error.code, str(error))
    if isinstance(error, FeedGone):
        return feed_gone(error)
    if isinstance(error, exceptions.ValidationError):
        mistakes = list(_mistakes(error.get_full_details()))
        return problem(400, "invalid", " ".join(m.detail for m in mistakes), mistakes)
    if isinstance(error, exceptions.ParseError):
        return problem(400, "malformed_json", str(error.detail))
    if isinstance(error, UnreadablePostError):
        return problem(400, "body_incomplete", "The connection ended within the body.")
    if is_over_budget(error):
        return over_budget(context["request"])
    if isinstance(error, OperationalError | InterfaceError):
        logger.error("The database cannot be reached: %s", error)
        return database_unavailable(context["request"])
    response = problem(*_status_code_detail(error)) if _is_known(error) else None
    if response and isinstance(error, exceptions.MethodNotAllowed):
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def over_budget(request: HttpRequest) -> HttpResponse:
    detail = (
        f"This question took longer than {budget_text()} and was stopped."
        " Ask a narrower one: a longer search, one status, or the default ordering."
    )
    return problem(503, "query_budget", detail)


def database_unavailable(request: HttpRequest) -> HttpResponse:
    detail = "The database cannot be reached. Try again in a moment."
    response = problem(503, "database_unavailable", detail)
    response["Retry-After"] = "2"
    return response


def feed_gone(error: FeedGone) -> HttpResponse:
    detail = f"{error} Read the list of jobs anew, then go on after the one in Feed-Cursor."
    response = problem(410, "cursor_gone", detail)
    response["Feed-Cursor"] = error.cursor
    return response


def too_many_listeners() -> HttpResponse:
    detail = (
        "As many as can be served wait for events already. Try again later, or ask without waiting."
    )
    response = problem(503, "too_many_listeners", detail)
    response["Retry-After"] = "5"
    return response


def bad_request(request: HttpRequest) -> HttpResponse:
    return problem(400, "bad_request", "The request could not be understood.")


def not_found(request: HttpRequest) -> HttpResponse:
    return problem(404, *MESSAGES[404])


def server_error(request: HttpRequest) -> HttpResponse:
    detail = "Something went wrong on our side; it has been logged. Nothing was half-written."
    return problem(500, "server_error", detail)


def _is_known(error: Exception) -> bool:
    return isinstance(error, Http404 | RequestDataTooBig | exceptions.APIException)


def _status_code_detail(error: Exception) -> tuple[int, str, str]:
    match error:
        case Http404():
            return 404, *MESSAGES[404]
        case RequestDataTooBig():
            return 413, *MESSAGES[413]
        case exceptions.APIException(status_code=status) if status in MESSAGES:
            return status, *MESSAGES[status]
        case exceptions.APIException():
            return error.status_code, str(error.default_code), str(error.detail)
        case _:
            raise TypeError(error)


def _mistakes(details: Any, field: str = "") -> Iterator[Mistake]:
    """Flatten the framework's nested details; what belongs to no field has field ""."""
    if isinstance(details, dict) and "message" in details:
        yield Mistake(field, details["code"], str(details["message"]))
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _mistakes(inner, "" if name == "non_field_errors" else name)
    else:
        for inner in details:
            yield from _mistakes(inner, field)
