"""Every failure of the JSON door in one shape: application/problem+json (RFC 9457)."""

import logging
from collections.abc import Iterator, Sequence
from errno import EAGAIN
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.views import set_rollback

from jobs.api.outages import DETAILS, KEY_TELLS, KEY_TELLS_AFTER
from jobs.api.refusals import BadHeader, JobNotFound, Refused
from jobs.budget import budget_text
from jobs.faults import RETRY_AFTER, Fault, fault_of
from jobs.feed import FeedGone
from jobs.kept_answers import InFlight
from jobs.paging import InvalidFilter, Mistake, host_name, shown
from jobs.undo import UndoRefused
from jobs.versions import OtherVersion

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

logger = logging.getLogger(__name__)

MESSAGES = {
    404: ("not_found", "There is nothing at this address. Addresses end in a slash."),
    408: ("too_slow", "The request did not come in time. Nothing was done."),
    405: (
        "method_not_allowed",
        "This address does not offer the method; Allow lists what it does.",
    ),
    406: ("not_acceptable", "Accept allows no format that this address answers in."),
    411: ("length_required", "Send the body with a Content-Length, not in chunks."),
    413: (
        "body_too_large",
        "The body is larger than the call takes: 64 KiB, for many changes 1 MiB.",
    ),
    414: ("uri_too_long", "The request line is longer than 8,190 bytes."),
    415: ("unsupported_media_type", "Send the body as application/json."),
    417: ("expectation_failed", "The only expectation that is met is 100-continue."),
    431: ("headers_too_large", "A header is longer than 16,380 bytes, or there are more than 100."),
    503: ("busy", "Too many requests are on their way here. Try again soon."),
    505: ("http_version_not_supported", "Speak HTTP/1.1 or HTTP/1.0."),
    501: ("not_implemented", "Send the body as it is, or in chunks: no other encoding is known."),
}


# As RFC 9110 has them; before Python 3.13, HTTPStatus words them otherwise.
TITLES = {413: "Content Too Large", 414: "URI Too Long", 422: "Unprocessable Content"}


def document(status: int, code: str, detail: str) -> dict[str, Any]:
    """A problem document. `code` is stable, `detail` is for people and may be reworded."""
    return {
        "type": "about:blank",
        "title": title(status),
        "status": status,
        "detail": detail,
        "code": code,
    }


def problem(
    status: int, code: str, detail: str, errors: Sequence[Mistake] | None = None
) -> JsonResponse:
    body = document(status, code, detail)
    if errors is not None:
        body["errors"] = [{"field": e.field, "code": e.code, "detail": e.detail} for e in errors]
    return sent(body)


def sent(body: dict[str, Any]) -> JsonResponse:
    """A problem document on its way."""
    return JsonResponse(
        body,
        status=body["status"],
        reason=title(body["status"]),
        content_type="application/problem+json",
    )


def title(status: int) -> str:
    """The status in words."""
    return TITLES.get(status) or HTTPStatus(status).phrase


def problem_response(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Django REST framework's exception handler; None leaves the error to server_error below."""
    set_rollback()
    if isinstance(error, InvalidFilter):
        return problem(400, "invalid_query", str(error), error.mistakes)
    if isinstance(error, UndoRefused):
        return problem(409, error.code, str(error))
    if isinstance(error, OtherVersion):
        detail = "The job is in no version that If-Match names. Nothing was done."
        return problem(412, "precondition_failed", detail)
    if isinstance(error, InFlight):
        return in_flight()
    if isinstance(error, BadHeader):
        return problem(400, "invalid_header", str(error.detail), [error.mistake])
    if isinstance(error, FeedGone):
        return feed_gone(error)
    if isinstance(error, exceptions.ValidationError):
        mistakes = list(_mistakes(error.get_full_details()))
        return problem(400, "invalid", " ".join(m.detail for m in mistakes), mistakes)
    if isinstance(error, Refused):
        return _refusal(error)
    if isinstance(error, exceptions.ParseError):
        return problem(400, "malformed_json", str(error.detail))
    if isinstance(error, UnreadablePostError):
        if error.args[:1] == (EAGAIN,):  # the server waits no longer
            return problem(408, "too_slow", "Nothing more of the body came. Nothing was done.")
        return problem(400, "body_incomplete", "The connection ended within the body.")
    request = context.get("request")
    if fault := fault_of(error, is_change=request is not None and request.method not in SAFE):
        logger.error("%s: %s", fault.value, error)
        return database_fault(request, fault)
    response = problem(*_status_code_detail(error)) if _is_known(error) else None
    if response and isinstance(error, exceptions.MethodNotAllowed):
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def in_flight() -> HttpResponse:
    detail = "A request with this Idempotency-Key is under way. Ask again for its answer."
    response = problem(409, "request_in_flight", detail)
    response["Retry-After"] = "1"
    return response


def _refusal(error: Refused) -> HttpResponse:
    response = problem(error.status_code, error.code, str(error.detail), error.errors)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    for name, value in error.headers.items():
        response[name] = value
    return response


def database_fault(request: HttpRequest | None, fault: Fault) -> HttpResponse:
    """Said to be tried again only where that does no harm: not where it may have been done, unless a key came along."""
    detail, retry_after = DETAILS[fault], RETRY_AFTER.get(fault)
    if fault is Fault.UNKNOWN_OUTCOME and request and "HTTP_IDEMPOTENCY_KEY" in request.META:
        detail, retry_after = KEY_TELLS, KEY_TELLS_AFTER
    response = problem(503, fault.value, detail.format(budget=budget_text()))
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
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


def bad_request(request: HttpRequest | None) -> HttpResponse:
    return problem(400, "bad_request", "The request could not be understood.")


def host_not_allowed(request: HttpRequest | None) -> HttpResponse:
    host = host_name(request) if request else "jobs.example.com"
    detail = f"The dashboard does not answer to the host name {shown(host)}. Add the name to ALLOWED_HOSTS."
    return problem(400, "host_not_allowed", detail)


def https_required(request: HttpRequest | None) -> HttpResponse:
    detail = "Send the request by https. Nothing was done, and what it held has crossed the network in the open."
    return problem(403, "https_required", detail)


def not_found(request: HttpRequest) -> HttpResponse:
    return problem(404, *MESSAGES[404])


def server_error(request: HttpRequest | None) -> HttpResponse:
    detail = "Something went wrong on our side; it has been logged. Nothing was half-written."
    return problem(500, "server_error", detail)


def flattened(details: Any) -> Iterator[Mistake]:
    """Validation errors of the framework, as a serializer has them."""
    for name, inner in details.items():
        field = "" if name == "non_field_errors" else name
        yield from (Mistake(field, error.code, str(error)) for error in inner)


def _is_known(error: Exception) -> bool:
    return isinstance(error, Http404 | RequestDataTooBig | exceptions.APIException)


def _status_code_detail(error: Exception) -> tuple[int, str, str]:
    match error:
        case Http404():
            return 404, *MESSAGES[404]
        case RequestDataTooBig():
            return 413, *MESSAGES[413]
        case JobNotFound():
            return 404, error.default_code, error.default_detail
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
