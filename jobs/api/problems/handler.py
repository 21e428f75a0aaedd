"""Every error of the API as a problem document: application/problem+json (RFC 9457)."""

import logging
from collections.abc import Iterable, Iterator
from errno import EAGAIN
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS

from jobs import limits
from jobs.access.confirmation import ConfirmationRequired
from jobs.access.rates.limit import Allowance
from jobs.access.tokens.refusals import TokenRefused
from jobs.api.problems.exceptions import (
    ConcurrencyLimited,
    InvalidHeader,
    JobNotFound,
    ProblemException,
)
from jobs.api.problems.outages import DETAIL_WITH_KEY, DETAILS, RETRY_AFTER_WITH_KEY
from jobs.api.problems.responses import problem, problem_body, problem_response
from jobs.changes.conflicts import KeyTaken, TooManyLabels
from jobs.changes.undo import UndoRefused
from jobs.changes.versions import VersionMismatch
from jobs.faults import RETRY_AFTER, Fault, fault_of
from jobs.feed import CursorExpired
from jobs.hosts import host_name
from jobs.idempotency_store import InFlight
from jobs.limits import duration_text, number_text, size_text
from jobs.mistakes import FieldError, InvalidQuery, quoted
from jobs.operations.changes import OperationRefused
from jobs.saved_views.changes import NameTaken, NotYours, TooManyViews
from jobs.timeouts import timeout_text

logger = logging.getLogger(__name__)

NOT_YOURS = "Only its maker and admins can change this view. Nothing was changed. Save a view of your own instead."
MESSAGES = {
    404: ("not_found", "Not found."),
    408: ("too_slow", "The request did not arrive in time. Nothing was changed."),
    411: ("length_required", "Send the body with a Content-Length, not chunked."),
    413: (
        "body_too_large",
        f"The body is too large. The limit is {size_text(limits.MAX_BODY_BYTES)}, or"
        f" {size_text(limits.MAX_BULK_BODY_BYTES)} for many jobs.",
    ),
    414: (
        "uri_too_long",
        f"The request line is longer than {size_text(limits.MAX_REQUEST_LINE_BYTES)}.",
    ),
    415: ("unsupported_media_type", "Send the body as application/json."),
    417: ("expectation_failed", "The only supported value of Expect is 100-continue."),
    431: ("headers_too_large", limits.HEADERS_TOO_LARGE),
    503: (
        "busy",
        "Too many requests are being received at once. Nothing was changed. Try again soon.",
    ),
    505: ("http_version_not_supported", "Use HTTP/1.1 or HTTP/1.0."),
    501: ("not_implemented", "The only supported Transfer-Encoding is chunked."),
}


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Django REST framework's exception handler. None leaves the exception to server_error below."""
    if isinstance(error, InvalidQuery):
        return problem(400, "invalid_query", str(error), error.errors)
    if isinstance(error, UndoRefused | OperationRefused):
        return problem(409, error.code, str(error))
    if isinstance(error, VersionMismatch):
        detail = (
            f"The {error.resource}'s current version does not match If-Match. Nothing was changed. Get the"
            f" {error.resource} again, and repeat the change with its new ETag if it still applies."
        )
        return problem(412, "precondition_failed", detail)
    if isinstance(error, ConfirmationRequired):
        return reauthentication_required(None)
    if isinstance(error, KeyTaken):
        return problem_response(key_taken(error.job_id))
    if isinstance(error, TooManyLabels):
        return problem(409, "too_many_labels", str(error))
    if isinstance(error, NameTaken):
        return problem(409, "name_taken", "Another view has this name. Choose another one.")
    if isinstance(error, NotYours):
        return problem(403, "forbidden", NOT_YOURS)
    if isinstance(error, TooManyViews):
        detail = f"There are {limits.MAX_VIEWS} views in this list already. Delete one first."
        return problem(409, "too_many_views", detail)
    if isinstance(error, InFlight):
        return in_flight()
    if isinstance(error, InvalidHeader):
        return problem(400, "invalid_header", str(error.detail), [error.field_error])
    if isinstance(error, CursorExpired):
        return cursor_expired(error)
    if isinstance(error, exceptions.ValidationError):
        errors = list(_field_errors(error.get_full_details()))
        return problem(400, "invalid", " ".join(e.detail for e in errors), errors)
    if isinstance(error, ProblemException):
        return _problem_for(error)
    if isinstance(error, exceptions.ParseError):
        return problem(400, "malformed_json", str(error.detail))
    if isinstance(error, UnreadablePostError):
        if error.args[:1] == (EAGAIN,):  # the server's timeout
            return problem(408, "too_slow", "The body stopped arriving. Nothing was changed.")
        return problem(
            400, "body_incomplete", "The connection was closed before the whole body arrived."
        )
    request = context.get("request")
    if fault := fault_of(
        error, is_change=request is not None and request.method not in SAFE_METHODS
    ):
        logger.error("%s: %s", fault.value, error)
        return database_fault(request, fault)
    if isinstance(error, exceptions.MethodNotAllowed):
        return method_not_allowed(context["request"].method, context["view"].allowed_methods)
    if isinstance(error, exceptions.NotAcceptable):
        return not_acceptable(each.media_type for each in error.available_renderers or ())
    return problem(*_status_code_detail(error)) if _is_known(error) else None


def key_taken(job_id: int) -> dict[str, Any]:
    return problem_body(409, "key_taken", str(KeyTaken(job_id))) | {"job_id": job_id}


def method_not_allowed(method: str, allowed: Iterable[str]) -> HttpResponse:
    names = ", ".join(allowed)
    detail = f"This URL does not support {method}. Allowed: {names}."
    response = problem(405, "method_not_allowed", detail)
    response["Allow"] = names
    return response


def not_acceptable(media_types: Iterable[str]) -> HttpResponse:
    detail = f"Accept matches no type that this URL offers: {', '.join(media_types)}."
    return problem(406, "not_acceptable", detail)


def in_flight() -> HttpResponse:
    detail = "A request with this Idempotency-Key is still in progress. Retry to get its response."
    response = problem(409, "request_in_flight", detail)
    response["Retry-After"] = "1"
    return response


def _problem_for(error: ProblemException) -> HttpResponse:
    response = problem(error.status_code, error.code, str(error.detail), error.errors)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    for name, value in error.headers.items():
        response[name] = value
    return response


def database_fault(request: HttpRequest | None, fault: Fault) -> HttpResponse:
    """Sets Retry-After only if a retry is safe: if the change may have been made, only with an idempotency key."""
    detail, retry_after = DETAILS[fault], RETRY_AFTER.get(fault)
    if fault is Fault.UNKNOWN_OUTCOME and request and "HTTP_IDEMPOTENCY_KEY" in request.META:
        detail, retry_after = DETAIL_WITH_KEY, RETRY_AFTER_WITH_KEY
    response = problem(503, fault.value, detail.format(timeout=timeout_text()))
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def cursor_expired(error: CursorExpired) -> HttpResponse:
    detail = f"{error} Read the list of jobs again, then continue from Feed-Cursor."
    response = problem(410, "cursor_gone", detail)
    response["Feed-Cursor"] = error.cursor
    return response


def listeners_limited() -> HttpResponse:
    return _problem_for(
        ConcurrencyLimited("clients that wait for events", settings.FEED_CLIENTS_PER_USER, 5)
    )


def too_many_listeners() -> HttpResponse:
    detail = "Too many clients are already waiting for events. Try again later, or omit wait."
    response = problem(503, "too_many_listeners", detail)
    response["Retry-After"] = "5"
    return response


def bad_request(request: HttpRequest | None) -> HttpResponse:
    return problem(400, "bad_request", "The request is malformed.")


def host_not_allowed(request: HttpRequest | None) -> HttpResponse:
    host = host_name(request) if request else "jobs.example.com"
    detail = f"The dashboard does not serve the host name {quoted(host)}. Its operator can add it to ALLOWED_HOSTS."
    return problem(400, "host_not_allowed", detail)


def https_required(request: HttpRequest | None) -> HttpResponse:
    detail = "Use HTTPS. Nothing was changed, but the request crossed the network unencrypted."
    return problem(403, "https_required", detail)


def login_required(request: HttpRequest | None) -> HttpResponse:
    detail = "You are not logged in. Nothing was changed. Log in and try again."
    response = problem(401, "login_required", detail)
    response["WWW-Authenticate"] = 'Bearer realm="jobs"'
    return response


def token_refused(request: HttpRequest | None, refused: TokenRefused) -> HttpResponse:
    response = problem(401, refused.code, f"{refused.detail} Nothing was changed.")
    response["WWW-Authenticate"] = refused.challenge
    return response


def rate_limited(request: HttpRequest | None, allowance: Allowance) -> HttpResponse:
    limit = allowance.limit
    detail = (
        f"Too many requests: {number_text(limit.burst)} at once and {number_text(limit.per_second)} per second are"
        f" allowed. Nothing was changed. Try again in {duration_text(allowance.seconds)}."
    )
    return problem(429, "rate_limited", detail)


def forbidden(request: HttpRequest | None) -> HttpResponse:
    detail = (
        "You may not do this. Nothing was changed. Ask an admin of the dashboard for the right."
    )
    return problem(403, "forbidden", detail)


def reauthentication_required(request: HttpRequest | None) -> HttpResponse:
    detail = "This changes many jobs, and your login is not recent. Nothing was changed. Confirm at /account/confirm/ that it’s you, and try again."
    return problem(403, "reauthentication_required", detail)


def second_factor_required(request: HttpRequest | None) -> HttpResponse:
    detail = "Your account needs a second factor. Nothing was changed. Add one at /account/factors/, and try again."
    return problem(403, "second_factor_required", detail)


def csrf_failed(request: HttpRequest | None) -> HttpResponse:
    detail = "The request does not prove that a page of this dashboard has sent it. Nothing was changed. Reload the page and try again."
    return problem(403, "csrf_failed", detail)


def not_found(request: HttpRequest) -> HttpResponse:
    code, detail = MESSAGES[404]
    hint = "" if request.path.endswith("/") else " URLs end with a slash."
    return problem(404, code, f"{detail}{hint}")


def server_error(request: HttpRequest | None) -> HttpResponse:
    detail = "An unexpected error occurred. It has been logged, and no partial change was saved."
    return problem(500, "server_error", detail)


def flatten_errors(details: Any) -> Iterator[FieldError]:
    """A serializer's validation errors."""
    for name, inner in details.items():
        field = "" if name == "non_field_errors" else name
        yield from (FieldError(field, error.code, str(error)) for error in inner)


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


def _field_errors(details: Any, field: str = "") -> Iterator[FieldError]:
    """Flattens the framework's nested details. Errors that belong to no field have the field ""."""
    if isinstance(details, dict) and "message" in details:
        yield FieldError(field, details["code"], str(details["message"]))
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _field_errors(inner, "" if name == "non_field_errors" else name)
    else:
        for inner in details:
            yield from _field_errors(inner, field)
