"""Error handlers: problem documents for requests of programs, pages for all others."""

import sys
from collections.abc import Callable
from typing import Protocol, cast

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from rest_framework.permissions import SAFE_METHODS

from jobs.access.identify import identify
from jobs.access.principal import ANONYMOUS, EVERYBODY, Principal, principal_of
from jobs.access.rates.limit import Allowance
from jobs.access.rates.senders import count
from jobs.access.tokens.refusals import TokenRefused
from jobs.api.problems import error_views as api
from jobs.faults import Fault, fault_of
from jobs.pages import errors as pages

View = Callable[[HttpRequest], HttpResponse]


class ErrorViews(Protocol):
    """The error views that the API and the pages each provide."""

    bad_request: View
    csrf_failed: View
    forbidden: View
    host_not_allowed: View
    https_required: View
    login_required: View
    not_found: View
    second_factor_required: View
    server_error: View
    database_fault: Callable[[HttpRequest, Fault], HttpResponse]
    token_refused: Callable[[HttpRequest, TokenRefused], HttpResponse]
    rate_limited: Callable[[HttpRequest, Allowance], HttpResponse]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        return _responses_for(request).host_not_allowed(request)
    return _responses_for(request).bad_request(request)


def https_required(request: HttpRequest) -> HttpResponse:
    return _responses_for(request).https_required(request)


def login_required(request: HttpRequest) -> HttpResponse:
    return _responses_for(request).login_required(request)


def token_refused(request: HttpRequest, refused: TokenRefused) -> HttpResponse:
    return _responses_for(request).token_refused(request, refused)


def forbidden(request: HttpRequest) -> HttpResponse:
    return _responses_for(request).forbidden(request)


def second_factor_required(request: HttpRequest) -> HttpResponse:
    return _responses_for(request).second_factor_required(request)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Also Django's CSRF_FAILURE_VIEW. The reason is for developers."""
    return _responses_for(request).csrf_failed(request)


def over_limit(request: HttpRequest) -> HttpResponse | None:
    """Counts the request. The response to it if there were too many, or None."""
    allowance = count(request)
    if allowance is None:
        return None
    if not allowance.is_granted:
        response = _responses_for(request).rate_limited(request, allowance)
        for name, value in (*allowance.fields.items(), ("Retry-After", str(allowance.seconds))):
            response[name] = value
        return response
    if principal_of(request).token_id is not None:
        request.allowance = allowance  # type: ignore[attr-defined]  # project.guard tells the program
    return None


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Without a view, the guard has not asked who makes the request, nor counted it."""
    if not hasattr(request, "principal"):
        request.principal = EVERYBODY if settings.ACCESS == "open" else _identified(request)  # type: ignore[attr-defined]
        if refusal := over_limit(request):
            return refusal
    return _responses_for(request).not_found(request)


def _identified(request: HttpRequest) -> Principal:
    """The page says who is logged in."""
    try:
        return identify(request)
    except TokenRefused:
        return ANONYMOUS


def server_error(request: HttpRequest) -> HttpResponse:
    fault = fault_of(sys.exc_info()[1], is_change=request.method not in SAFE_METHODS)
    if fault:
        return _responses_for(request).database_fault(request, fault)
    return _responses_for(request).server_error(request)


def _responses_for(request: HttpRequest) -> ErrorViews:
    return cast(ErrorViews, api if is_api_request(request) else pages)


def is_api_request(request: HttpRequest) -> bool:
    return request.path_info.startswith(("/api/", "/mcp", "/metrics"))
