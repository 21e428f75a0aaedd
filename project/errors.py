"""Error handlers: problem documents for requests to /api/ and /mcp, pages for all others."""

import sys
from collections.abc import Callable
from typing import Protocol, cast

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from rest_framework.permissions import SAFE_METHODS

from jobs.access.identify import identify
from jobs.access.principal import ANONYMOUS
from jobs.access.tokens.refusals import TokenRefused
from jobs.api.problems import handler as api
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
    server_error: View
    database_fault: Callable[[HttpRequest, Fault], HttpResponse]
    token_refused: Callable[[HttpRequest, TokenRefused], HttpResponse]


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


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Also Django's CSRF_FAILURE_VIEW. The reason is for developers."""
    return _responses_for(request).csrf_failed(request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Without a view, the guard has not asked who makes the request; the page says it."""
    if settings.ACCESS == "login" and not hasattr(request, "principal"):
        try:
            request.principal = identify(request)  # type: ignore[attr-defined]
        except TokenRefused:
            request.principal = ANONYMOUS  # type: ignore[attr-defined]
    return _responses_for(request).not_found(request)


def server_error(request: HttpRequest) -> HttpResponse:
    fault = fault_of(sys.exc_info()[1], is_change=request.method not in SAFE_METHODS)
    if fault:
        return _responses_for(request).database_fault(request, fault)
    return _responses_for(request).server_error(request)


def _responses_for(request: HttpRequest) -> ErrorViews:
    return cast(ErrorViews, api if is_api_request(request) else pages)


def is_api_request(request: HttpRequest) -> bool:
    return request.path_info.startswith(("/api/", "/mcp"))
