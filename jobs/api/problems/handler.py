"""Every exception in a view of the API as a problem document: application/problem+json (RFC 9457)."""

import logging
from collections.abc import Iterable, Iterator
from errno import EAGAIN
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS

from jobs import limits
from jobs.access.confirmation import ConfirmationRequired
from jobs.api.problems.error_views import MESSAGES, database_fault, reauthentication_required
from jobs.api.problems.exceptions import (
    ConcurrencyLimited,
    InvalidHeader,
    JobNotFound,
    ProblemException,
)
from jobs.api.problems.responses import problem, problem_body, problem_response
from jobs.changes.conflicts import KeyTaken, TooManyLabels
from jobs.changes.undo import UndoRefused
from jobs.changes.versions import VersionMismatch
from jobs.faults import fault_of
from jobs.feed import CursorExpired
from jobs.idempotency_store import InFlight
from jobs.mistakes import FieldError, InvalidQuery
from jobs.operations.changes import OperationRefused
from jobs.saved_views.changes import NameTaken, NotYours, TooManyViews

logger = logging.getLogger(__name__)

NOT_YOURS = "Only its maker and admins can change this view. Nothing was changed. Save a view of your own instead."


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Django REST framework's exception handler. None leaves the exception to error_views.server_error."""
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
