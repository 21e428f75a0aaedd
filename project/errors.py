"""What Django answers when no view did: problem documents below /api/, pages elsewhere."""

import sys
from collections.abc import Callable
from typing import Protocol, cast

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from jobs.api import errors as api
from jobs.faults import Fault, fault_of
from jobs.pages import errors as pages

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

Answer = Callable[[HttpRequest], HttpResponse]


class Door(Protocol):
    """The failures that each door knows how to say in its own language."""

    bad_request: Answer
    host_not_allowed: Answer
    https_required: Answer
    not_found: Answer
    server_error: Answer
    database_fault: Callable[[HttpRequest, Fault], HttpResponse]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        return _door(request).host_not_allowed(request)
    return _door(request).bad_request(request)


def https_required(request: HttpRequest) -> HttpResponse:
    return _door(request).https_required(request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _door(request).not_found(request)


def server_error(request: HttpRequest) -> HttpResponse:
    fault = fault_of(sys.exc_info()[1], is_change=request.method not in SAFE)
    if fault:
        return _door(request).database_fault(request, fault)
    return _door(request).server_error(request)


def _door(request: HttpRequest) -> Door:
    return cast(Door, api if is_for_programs(request) else pages)


def is_for_programs(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
